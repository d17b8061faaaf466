// The help dialog: the keyboard map, the switches for single keys and for large type, the way to the tour.
import { useEffect, useRef } from "preact/hooks";
import { KEY_HELP } from "../../lib/explorer/page/key_help.ts";

interface KeyMapProps {
  readonly open: boolean;
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  /** Large type for a projector. */
  readonly presenting: boolean;
  readonly onPresenting: (on: boolean) => void;
  readonly onTour: () => void;
  readonly onClose: () => void;
}

interface SwitchProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Switch({ label, on, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <i aria-hidden="true" />
      {label}
    </label>
  );
}

export function KeyMap(props: KeyMapProps) {
  const { open, onTour, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog class="help" ref={dialog} aria-labelledby="help-label" onClose={onClose}>
      <h2 id="help-label">Keyboard</h2>
      <dl class="keys">
        {KEY_HELP.map(({ label, keys }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{keys.map((key) => key === "…" ? " … " : <kbd key={key}>{key}</kbd>)}</dd>
          </div>
        ))}
      </dl>
      <p class="note help-note">
        Tab stops once at the bars, the text and each toolbar. Single keys are ignored where you type.
      </p>
      <div class="bar wrap">
        <Switch label="Single-key shortcuts" on={props.singleKeys} onChange={props.onSingleKeys} />
        <Switch label="Large type for a projector" on={props.presenting} onChange={props.onPresenting} />
        <span class="grow" />
        <button
          type="button"
          class="btn quiet sm"
          onClick={() => {
            dialog.current?.close();
            onTour();
          }}
        >
          Take the tour
        </button>
        <button type="button" class="btn sm" onClick={onClose}>Close</button>
      </div>
    </dialog>
  );
}
