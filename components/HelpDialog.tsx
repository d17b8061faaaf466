// The keyboard map, and the switch for single keys.
import { useEffect, useRef } from "preact/hooks";
import { KEY_HELP } from "../lib/explorer/keys.ts";
import { ActionButton } from "./ActionButton.tsx";

interface HelpDialogProps {
  readonly open: boolean;
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

export function HelpDialog({ open, singleKeys, onSingleKeys, onClose }: HelpDialogProps) {
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
      <div class="bar">
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={singleKeys}
            onChange={(event) => onSingleKeys(event.currentTarget.checked)}
          />
          <i aria-hidden="true" />Single-key shortcuts
        </label>
        <span class="grow" />
        <ActionButton class="btn" onPress={onClose}>Close</ActionButton>
      </div>
    </dialog>
  );
}
