// Temperature and the number of candidates.
import { useState } from "preact/hooks";
import type { Actions } from "../lib/explorer/page/actions.ts";
import { TEMPERATURE, TOP_K } from "../lib/explorer/session/new_session.ts";
import type { Settings } from "../lib/explorer/session/types.ts";
import { NumberField, parseTyped } from "./sampling/NumberField.tsx";
import { RangeSlider } from "./sampling/RangeSlider.tsx";

type InputEventOf = Event & { currentTarget: HTMLInputElement };

interface ControlsProps {
  readonly settings: Settings;
  readonly actions: Actions;
}

/** How many candidates are listed: as it is typed where that is a number of the range, else when it is left. What is
 * being typed stays as it is. */
function CountField({ topK, actions }: { topK: number; actions: Actions }) {
  const [typed, setTyped] = useState<string | null>(null);
  const isWithin = (value: number) => Number.isInteger(value) && value >= TOP_K.min && value <= TOP_K.max;
  return (
    <input
      class="field num"
      type="number"
      id="count"
      aria-label="Show: number of candidates"
      min={TOP_K.min}
      max={TOP_K.max}
      value={typed ?? topK}
      onInput={(event: InputEventOf) => {
        const { value } = event.currentTarget;
        setTyped(value);
        if (isWithin(parseTyped(value))) actions.topK(parseTyped(value));
      }}
      onChange={(event: InputEventOf) => {
        const box = event.currentTarget;
        const value = parseTyped(box.value);
        setTyped(null);
        box.value = String(topK); // the new value arrives as a property
        actions.topK(value);
      }}
    />
  );
}

export function Controls({ settings: { params, topK }, actions }: ControlsProps) {
  return (
    <div class="quick">
      <div class="group grow">
        <span aria-hidden="true">Temperature</span>
        <RangeSlider
          label="Temperature"
          {...TEMPERATURE}
          value={params.temperature}
          term="temperature"
          onValue={actions.temperature}
        />
        <NumberField label="Temperature, number" value={params.temperature} onValue={actions.temperature} />
      </div>
      <div
        class="group"
        data-tip="How many candidates to list, 1 to 50. The last row opens the whole vocabulary."
      >
        <label for="count">Show</label>
        <CountField topK={topK} actions={actions} />
      </div>
    </div>
  );
}
