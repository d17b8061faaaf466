// The presets as a row of chips: a radio group where the arrows move and select.
import { type Preset, PRESET_LABELS, PRESET_NAMES } from "../../lib/explorer/settings/sampling.ts";

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

interface PresetsProps {
  readonly preset: Preset;
  readonly onPreset: (preset: Preset) => void;
}

export function Presets({ preset, onPreset }: PresetsProps) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (PRESET_NAMES.indexOf(preset) + step + PRESET_NAMES.length) % PRESET_NAMES.length;
    onPreset(PRESET_NAMES[next]!);
    event.currentTarget.querySelectorAll("button")[next]?.focus();
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
