// What "More controls" has in force while it is closed, beside the bars that it changes: a press opens it, another
// takes it all back.
import { X } from "../icons.ts";

interface HiddenSettingsProps {
  /** In words, those that matter most first; none: nothing is shown. */
  readonly settings: readonly string[];
  readonly onOpen: () => void;
  readonly onReset: () => void;
}

export function HiddenSettings({ settings, onOpen, onReset }: HiddenSettingsProps) {
  if (settings.length === 0) return null;
  const [first, ...more] = settings;
  const all = settings.join(", ");
  return (
    <span class="chip hidden-settings">
      <button type="button" data-tip={`In force, set in More controls: ${all}`} onClick={onOpen}>
        <span class="sr">Settings in force:</span>
        <span>{first}</span>
        {more.length > 0 && ` +${more.length}`}
      </button>
      <button
        type="button"
        aria-label="Reset these settings"
        data-tip="Reset: temperature only"
        onClick={onReset}
      >
        <X size={14} strokeWidth={2} />
      </button>
    </span>
  );
}
