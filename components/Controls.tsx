// Temperature and the number of candidates.
import { TEMPERATURE, TOP_K } from "../lib/explorer/session.ts";
import type { Settings } from "../lib/explorer/types_v1.ts";

interface ControlsProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

type InputEventOf = Event & { currentTarget: HTMLInputElement };

/** A number as typed, with a decimal comma allowed; NaN for anything else. */
function typed(event: InputEventOf): number {
  const text = event.currentTarget.value.trim().replace(",", ".");
  return text === "" ? NaN : Number(text);
}

function Slider({ settings, onChange }: ControlsProps) {
  const { temperature } = settings;
  return (
    <span class="slider">
      <svg aria-hidden="true">
        <rect class="rail" width="100%" height="4" rx="2" />
        <rect class="fill" width={`${temperature / TEMPERATURE.max * 100}%`} height="4" rx="2" />
      </svg>
      <input
        type="range"
        id="temperature"
        min={TEMPERATURE.min}
        max={TEMPERATURE.max}
        step={TEMPERATURE.step}
        value={temperature}
        onInput={(event) => onChange({ temperature: typed(event) })}
      />
    </span>
  );
}

const TEMPERATURE_TIP =
  "Temperature divides the logits. Below 1 sharpens the bars, above 1 flattens them, 0 always takes the first.";

export function Controls({ settings, onChange }: ControlsProps) {
  const { temperature, topK } = settings;
  const commitTemperature = (event: InputEventOf) => {
    const value = typed(event);
    onChange({ temperature: value });
    if (!Number.isFinite(value)) event.currentTarget.value = String(temperature);
  };
  const commitCount = (event: InputEventOf) => {
    const value = typed(event);
    const valid = Number.isInteger(value) && value >= TOP_K.min && value <= TOP_K.max;
    if (valid || event.type === "change") onChange({ topK: value });
    if (!Number.isFinite(value) && event.type === "change") event.currentTarget.value = String(topK);
  };
  return (
    <div class="quick">
      <div class="group grow" data-tip={TEMPERATURE_TIP}>
        <label for="temperature">Temperature</label>
        <Slider settings={settings} onChange={onChange} />
        <input
          class="field num"
          inputMode="decimal"
          aria-label="Temperature, number"
          value={temperature}
          onChange={commitTemperature}
        />
      </div>
      <div class="group" data-tip="How many candidates to list, 1 to 50.">
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
