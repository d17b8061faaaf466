// A slider. Its filled part is an SVG behind the native control: a length without inline style.
import type { Term } from "../../lib/explorer/words/glossary.ts";
import { formatCoordinate } from "../../lib/basics/round.ts";

interface RangeSliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** What it does: in words, or as a word of the glossary. */
  readonly tip?: string | undefined;
  readonly term?: Term | undefined;
  /** The value in words, where the number is none that is shown. */
  readonly spoken?: string;
  readonly onValue: (value: number) => void;
}

/** `value` may lie outside of the slider: its box accepts more. */
export function RangeSlider({ label, min, max, step, value, tip, term, spoken, onValue }: RangeSliderProps) {
  const filled = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return (
    <span class="slider" data-tip={term === undefined ? tip : undefined} data-term={term}>
      <svg aria-hidden="true">
        <rect class="rail" width="100%" height="4" rx="2" />
        <rect class="fill" width={`${formatCoordinate(filled * 100, 2)}%`} height="4" rx="2" />
      </svg>
      <input
        type="range"
        aria-label={label}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={spoken}
        onInput={(event) => onValue(Number(event.currentTarget.value))}
      />
    </span>
  );
}
