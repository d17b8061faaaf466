// Settings beside the pipeline: seed, stop sequences, logit bias; and the lists of tokens that
// stages have.
import type { BiasTag, IdTag, StopTag } from "../../lib/explorer/settings/list_fields.ts";
import { PARAMETERS, type Params } from "../../lib/sampling/params.ts";
import type { IdsControl, IdsParam } from "../../lib/explorer/settings/stage_controls.ts";
import { describeSeedProblem } from "../../lib/explorer/settings/sampling.ts";
import { TokenText } from "../TokenText.tsx";
import { NumberField } from "./NumberField.tsx";
import { Tags } from "./Tags.tsx";

export interface FieldCallbacks {
  readonly onSeed: (seed: number | null) => void;
  /** Each takes what was typed and answers null, or a sentence that says why not. */
  readonly onAddStop: (text: string) => string | null;
  readonly onAddBias: (text: string) => string | null;
  readonly onRemoveStop: (index: number) => void;
  readonly onRemoveBias: (id: number) => void;
  readonly onAddId: (param: IdsParam, text: string) => string | null;
  readonly onRemoveId: (param: IdsParam, id: number) => void;
}

interface IdsFieldProps {
  readonly control: IdsControl;
  readonly tags: readonly IdTag[];
  readonly callbacks: Pick<FieldCallbacks, "onAddId" | "onRemoveId">;
}

/** A setting that is a list of tokens: the breakers of DRY. */
export function IdsField({ control: { param, label, tip }, tags, callbacks }: IdsFieldProps) {
  return (
    <Tags
      id={param.replaceAll("_", "-")}
      label={label}
      tip={`${tip} A token or its #id; \\n is a new line.`}
      placeholder="token or #id"
      tags={tags.map(({ id, rendering }) => ({
        key: String(id),
        content: rendering === null ? `#${id}` : <TokenText rendering={rendering} />,
        spoken: `${label.toLowerCase().replace(/s$/, "")} ${rendering?.spoken ?? `token ${id}`}`,
      }))}
      onAdd={(text) => callbacks.onAddId(param, text)}
      onRemove={(index) => callbacks.onRemoveId(param, tags[index]!.id)}
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
      <SeedField seed={params.seed} callbacks={callbacks} />
      <StopsField stops={stops} callbacks={callbacks} />
      <BiasField biases={biases} callbacks={callbacks} />
    </div>
  );
}

function SeedField({ seed, callbacks }: { seed: number | null; callbacks: FieldCallbacks }) {
  const { label, about, orNull } = PARAMETERS.seed;
  return (
    <label class="labelled" data-tip={`${about} Empty or −1: ${orNull}.`}>
      <span>{label}</span>
      <NumberField
        whole
        value={seed}
        placeholder="Random"
        onValue={(value) => {
          callbacks.onSeed(Math.round(value));
          return describeSeedProblem(Math.round(value));
        }}
        onEmpty={() => callbacks.onSeed(null)}
      />
    </label>
  );
}

function StopsField({ stops, callbacks }: { stops: readonly StopTag[]; callbacks: FieldCallbacks }) {
  const { label, about } = PARAMETERS.stop_sequences;
  return (
    <Tags
      id="stop-sequences"
      label={label}
      tip={`${about} \\n is a new line, \\t a tab.`}
      placeholder="Add…"
      tags={stops.map((stop, at) => ({
        key: `${at} ${stop.rendering.spoken}`,
        content: <TokenText rendering={stop.rendering} />,
        spoken: `stop sequence ${stop.rendering.spoken}`,
      }))}
      onAdd={callbacks.onAddStop}
      onRemove={callbacks.onRemoveStop}
    />
  );
}

function BiasField({ biases, callbacks }: { biases: readonly BiasTag[]; callbacks: FieldCallbacks }) {
  return (
    <Tags
      id="logit-bias"
      label={PARAMETERS.logit_bias.label}
      tip="Adds to the logit of one token: the token or its #id, then the value."
      placeholder="token  ±value"
      tags={biases.map((bias) => ({
        key: String(bias.id),
        content: (
          <>
            {bias.rendering === null ? `#${bias.id}` : <TokenText rendering={bias.rendering} />} {bias.value}
          </>
        ),
        spoken: `bias of ${bias.rendering?.spoken ?? `token ${bias.id}`}`,
      }))}
      onAdd={callbacks.onAddBias}
      onRemove={(index) => callbacks.onRemoveBias(biases[index]!.id)}
    />
  );
}
