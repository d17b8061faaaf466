// What the colours of the tokens mean: the choice, the legend, and the meter at the foot of a token.
import {
  type Heat,
  HEAT_SCALES,
  heatClass,
  type HeatLegend as Legend,
  type HeatScale,
  meterClass,
  meterLengthOf,
} from "../../lib/explorer/words/heat.ts";

/** A line whose length is the value, for those who see no colours. It belongs in an element with `heatClass`. */
export function HeatMeter({ heat }: { heat: Heat }) {
  return (
    <svg class={meterClass(heat.scale)} aria-hidden="true">
      <rect width={meterLengthOf(heat)} height="3" />
    </svg>
  );
}

interface HeatPickerProps {
  readonly value: HeatScale;
  readonly onChange: (scale: HeatScale) => void;
}

export function HeatPicker({ value, onChange }: HeatPickerProps) {
  return (
    <label class="pick" data-term="heat">
      <span>Colour</span>
      <select
        id="heat"
        aria-label="Colour tokens by"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as HeatScale)}
      >
        {HEAT_SCALES.map((scale) => (
          <option key={scale.value} value={scale.value} selected={scale.value === value}>
            {scale.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The five steps with their meters, and what the ends mean in words. */
export function HeatLegend({ legend }: { legend: Legend }) {
  return (
    <span class="heat-legend">
      <span>{legend.from}</span>
      <span class="ramp" aria-hidden="true">
        {legend.steps.map((heat) => (
          <i key={heat.step} class={heatClass(heat)}>
            <HeatMeter heat={heat} />
          </i>
        ))}
      </span>
      <span>{legend.to}</span>
    </span>
  );
}
