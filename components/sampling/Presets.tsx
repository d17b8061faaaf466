// The presets as a row of chips: a radio group where the arrows move and select.
import { type Preset, PRESET_LABELS, PRESET_NAMES } from "../../lib/explorer/settings/sampling.ts";
import { moveByArrow } from "../arrow_keys.ts";

interface PresetsProps {
  readonly preset: Preset;
  readonly onPreset: (preset: Preset) => void;
}

export function Presets({ preset, onPreset }: PresetsProps) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    moveByArrow(event, {
      at: PRESET_NAMES.indexOf(preset),
      of: PRESET_NAMES.length,
      choose: (next) => onPreset(PRESET_NAMES[next]!),
    });
  };
  return (
    <div class="presets" role="radiogroup" aria-label="Preset" onKeyDown={onKeyDown}>
      {PRESET_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          role="radio"
          class="preset"
          aria-checked={name === preset}
          tabIndex={name === preset ? 0 : -1}
          onClick={() => onPreset(name)}
        >
          {PRESET_LABELS[name]}
        </button>
      ))}
    </div>
  );
}
