// The button in the top bar that says which model is in use, and opens the picker.
import { ChevronDown } from "../icons.ts";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useOutsidePress } from "../outside_press.ts";

interface ModelButtonProps {
  readonly name: string;
  readonly variant: string;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly children?: ComponentChildren;
}

/** The button in the top bar, and behind it the picker while it is open. A press elsewhere closes it. */
export function ModelButton(props: ModelButtonProps) {
  const { name, variant, open, onOpen, children } = props;
  const anchor = useRef<HTMLDivElement>(null);
  useOutsidePress(anchor, open, () => onOpen(false));
  return (
    <div class="pop-anchor model-anchor" ref={anchor}>
      <button
        type="button"
        class="model model-btn"
        id="model-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? "model-dialog" : undefined}
        data-term="model"
        onClick={() => onOpen(!open)}
      >
        <span class="sr">Model:</span>
        <span class="model-name">{name}</span>
        <span class="model-meta">{variant}</span>
        <ChevronDown size={15} strokeWidth={1.7} />
      </button>
      {open && children}
    </div>
  );
}
