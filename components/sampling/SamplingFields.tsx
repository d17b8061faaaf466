// Settings beside the pipeline: presence, frequency, seed, stop sequences, logit bias; and the breakers of DRY.
import type { BiasTag, BreakerTag, StopTag } from "../../lib/explorer/settings/list_fields.ts";
import type { Params } from "../../lib/sampling/params.ts";
import type { NumberParam } from "../../lib/explorer/settings/stage_control.ts";
import { TokenText } from "../TokenText.tsx";
import { NumberField } from "./NumberField.tsx";
import { Tags } from "./Tags.tsx";

export interface FieldCallbacks {
  readonly onNumber: (param: NumberParam, value: number) => void;
  readonly onSeed: (seed: number | null) => void;
  /** Each takes what was typed and answers null, or a sentence that says why not. */
  readonly onAddStop: (text: string) => string | null;
  readonly onAddBias: (text: string) => string | null;
  readonly onRemoveStop: (index: number) => void;
  readonly onRemoveBias: (id: number) => void;
  readonly onAddBreaker: (text: string) => string | null;
  readonly onRemoveBreaker: (id: number) => void;
}

interface BreakersProps {
  readonly breakers: readonly BreakerTag[];
  readonly callbacks: Pick<FieldCallbacks, "onAddBreaker" | "onRemoveBreaker">;
}

/** Tokens that no repeat of DRY reaches over. */
export function Breakers({ breakers, callbacks }: BreakersProps) {
  return (
    <Tags
      id="dry-breakers"
      label="Sequence breakers"
      tip="No repeat reaches over these tokens, and DRY never lowers them. A token or its #id; \n is a new line."
      placeholder="token or #id"
      tags={breakers.map(({ id, look }) => ({
        key: String(id),
        content: look === null ? `#${id}` : <TokenText look={look} />,
        spoken: `sequence breaker ${look?.spoken ?? `token ${id}`}`,
      }))}
      onAdd={callbacks.onAddBreaker}
      onRemove={(index) => callbacks.onRemoveBreaker(breakers[index]!.id)}
    />
  );
}

interface SamplingFieldsProps {
  readonly params: Params;
  readonly stops: readonly StopTag[];
  readonly biases: readonly BiasTag[];
  readonly callbacks: FieldCallbacks;
}

export function SamplingFields({ params, stops, biases, callbacks }: SamplingFieldsProps) {
  return (
    <div class="fields">
      <label class="labelled" data-tip="A flat cost for every token already in the text. 0 is off.">
        <span>Presence penalty</span>
        <NumberField
          value={params.presence_penalty}
          onValue={(value) => callbacks.onNumber("presence_penalty", value)}
        />
      </label>
      <label class="labelled" data-tip="A cost for every time the token is already in the text. 0 is off.">
        <span>Frequency penalty</span>
        <NumberField
          value={params.frequency_penalty}
          onValue={(value) => callbacks.onNumber("frequency_penalty", value)}
        />
      </label>
      <label class="labelled" data-tip="The same seed gives the same draws. Empty: every draw is random.">
        <span>Seed</span>
        <NumberField
          whole
          value={params.seed}
          placeholder="Random"
          onValue={(value) => callbacks.onSeed(Math.round(value))}
          onEmpty={() => callbacks.onSeed(null)}
        />
      </label>
      <Tags
        id="stop-sequences"
        label="Stop sequences"
        tip="The text ends where one of these appears. \n is a new line, \t a tab."
        placeholder="Add…"
        tags={stops.map((stop, at) => ({
          key: `${at} ${stop.look.spoken}`,
          content: <TokenText look={stop.look} />,
          spoken: `stop sequence ${stop.look.spoken}`,
        }))}
        onAdd={callbacks.onAddStop}
        onRemove={callbacks.onRemoveStop}
      />
      <Tags
        id="logit-bias"
        label="Logit bias"
        tip="Adds to the logit of one token: the token or its #id, then the value."
        placeholder="token  ±value"
        tags={biases.map((bias) => ({
          key: String(bias.id),
          content: (
            <>
              {bias.look === null ? `#${bias.id}` : <TokenText look={bias.look} />} {bias.value}
            </>
          ),
          spoken: `bias of ${bias.look?.spoken ?? `token ${bias.id}`}`,
        }))}
        onAdd={callbacks.onAddBias}
        onRemove={(index) => callbacks.onRemoveBias(biases[index]!.id)}
      />
    </div>
  );
}
