// What a method can be told besides, what it means, and what is suggested for this text.
import { type Choice, STEPS } from "../../lib/explorer/attribution/methods.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import { countContext, type Subject } from "../../lib/explorer/attribution/subject.ts";
import { OCCLUSIONS, SEGMENTS, suggestMethod } from "../../lib/explorer/attribution/guidance.ts";
import { methodRow, scoresTokens } from "../../lib/wire/attribution_methods.ts";
import { ActionButton } from "../ActionButton.tsx";
import { Select } from "./Select.tsx";

interface OptionsProps {
  readonly attribution: AttributionStore;
  readonly subject: Subject | null;
}

const SIGNING = [
  { value: "length", label: "Strength" },
  { value: "signed", label: "For or against" },
] as const;

const BASELINES = [
  { value: "zero", label: "An empty text" },
  { value: "unk", label: "Unknown tokens" },
  { value: "token", label: "A token, repeated" },
] as const;

interface FieldsProps {
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

/** What the gradients are made of. */
function Gradients({ choice, onChange }: FieldsProps) {
  return (
    <Select
      label="Numbers"
      term="signing"
      value={choice.signed ? "signed" : "length"}
      options={SIGNING}
      onChange={(signing) => onChange({ signed: signing === "signed" })}
    />
  );
}

/** The way from the baseline to the text. */
function Integral({ choice, onChange }: FieldsProps) {
  return (
    <>
      <Select
        label="Steps"
        term="integration_steps"
        value={String(choice.steps)}
        options={STEPS.map((steps) => ({
          value: String(steps),
          label: steps === "converging" ? "Until it converges" : String(steps),
        }))}
        onChange={(steps) => onChange({ steps: STEPS.find((each) => String(each) === steps)! })}
      />
      <Baseline choice={choice} onChange={onChange} />
    </>
  );
}

/** Where the way begins; any token is named by its id. */
function Baseline({ choice: { baseline }, onChange }: FieldsProps) {
  return (
    <>
      <Select
        label="Compared with"
        term="baseline"
        value={typeof baseline === "number" ? "token" : baseline}
        options={BASELINES}
        onChange={(chosen) => onChange({ baseline: chosen === "token" ? 0 : chosen })}
      />
      {typeof baseline === "number" && (
        <label class="attr-select">
          <span>Its token id</span>
          <input
            class="field mono"
            type="number"
            min={0}
            step={1}
            value={baseline}
            onInput={({ currentTarget: { valueAsNumber: id } }) =>
              Number.isInteger(id) && id >= 0 && onChange({ baseline: id })}
          />
        </label>
      )}
    </>
  );
}

/** The selects of one method. */
function Fields({ choice, onChange }: FieldsProps) {
  const { method } = choice;
  const integrates = method === "integrated_gradients";
  return (
    <div class="attr-options">
      {method === "occlusion" && (
        <Select
          label="Taken away"
          term="occlusion"
          value={choice.occlusion}
          options={OCCLUSIONS}
          onChange={(occlusion) => onChange({ occlusion })}
        />
      )}
      {method === "attention" && (
        <Select
          label="Layer"
          term="layer"
          value={String(choice.layer ?? "mean")}
          options={listLayers(choice)}
          onChange={(layer) => onChange({ layer: layer === "mean" ? null : Number(layer), head: null })}
        />
      )}
      {(integrates || method === "input_x_gradient") && <Gradients choice={choice} onChange={onChange} />}
      {integrates && <Integral choice={choice} onChange={onChange} />}
      <Select
        label="Add up"
        term="segments"
        value={choice.segments}
        options={SEGMENTS}
        onChange={(segments) => onChange({ segments })}
      />
    </div>
  );
}

/** The last layer, the mean, and the head or layer that was chosen in the grid. */
function listLayers({ layer, head }: Choice): { value: string; label: string }[] {
  const chosen = layer === null || (layer === -1 && head === null)
    ? []
    : [{ value: String(layer), label: `Layer ${layer}${head === null ? "" : `, head ${head}`}` }];
  const last = { value: "-1", label: "Last layer" };
  return [...layer === -1 && head !== null ? [] : [last], { value: "mean", label: "Mean of all" }, ...chosen];
}

export function Options({ attribution, subject }: OptionsProps) {
  const choice = attribution.choice.value;
  const { method } = choice;
  if (method === "off" || subject === null) return null;
  const { about, warning } = methodRow(method);
  const suggested = suggestMethod(countContext(subject));
  const follows = Object.entries(suggested.change).every(([key, value]) =>
    choice[key as keyof Choice] === value
  );
  return (
    <>
      {scoresTokens(method) && <Fields choice={choice} onChange={attribution.choose} />}
      <p class="note">{about}</p>
      {warning !== undefined && <p class="attr-warn">{warning}</p>}
      {!follows && scoresTokens(method) && (
        <p class="note attr-suggest">
          <span>{suggested.text}</span>
          <ActionButton class="btn sm" onPress={() => attribution.choose(suggested.change)}>
            Use it
          </ActionButton>
        </p>
      )}
    </>
  );
}
