// Temperature and the number of candidates.
import type { Actions } from "../lib/explorer/page/actions.ts";
import { TEMPERATURE, TOP_K } from "../lib/explorer/session/new_session.ts";
import type { Settings } from "../lib/explorer/session/types.ts";
import { NumberField, typedNumber } from "./sampling/NumberField.tsx";
import { RangeSlider } from "./sampling/RangeSlider.tsx";

type InputEventOf = Event & { currentTarget: HTMLInputElement };

interface ControlsProps {
  readonly settings: Settings;
  /** What the temperature does, with the present numbers. */
  readonly tip: string;
  readonly actions: Actions;
}

export function Controls({ settings: { params, topK }, tip, actions }: ControlsProps) {
  const commitCount = (event: InputEventOf) => {
    const value = typedNumber(event.currentTarget.value);
    const valid = Number.isInteger(value) && value >= TOP_K.min && value <= TOP_K.max;
    if (valid || event.type === "change") actions.topK(value);
    if (!Number.isFinite(value) && event.type === "change") event.currentTarget.value = String(topK);
  };
  return (
    <div class="quick">
      <div class="group grow">
        <span aria-hidden="true">Temperature</span>
        <RangeSlider
          label="Temperature"
          {...TEMPERATURE}
          value={params.temperature}
          tip={tip}
          onValue={actions.temperature}
        />
        <NumberField label="Temperature, number" value={params.temperature} onValue={actions.temperature} />
      </div>
      <div
        class="group"
        data-tip="How many candidates to list, 1 to 50. The last row opens the whole vocabulary."
      >
        <label for="count">Show</label>
        <input
          class="field num"
          type="number"
          id="count"
          aria-label="Show: number of candidates"
          min={TOP_K.min}
          max={TOP_K.max}
          value={topK}
          onInput={commitCount}
          onChange={commitCount}
        />
      </div>
    </div>
  );
}
