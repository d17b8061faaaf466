// Example prompts by topic: a dialog under its button. A press puts the prompt into the box.
import { BookOpen } from "../icons.ts";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useOutsidePress } from "../outside_press.ts";

interface PromptLibraryProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  /** The prompts; null: they are being loaded. */
  readonly children: ComponentChildren | null;
}

/** Arrows move through all prompts, whatever their topic. */
function onArrow(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const moves: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = moves[event.key];
  if (target === undefined) return;
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, target))]?.focus();
}

interface LibraryButtonProps extends Pick<PromptLibraryProps, "open" | "onOpen"> {
  readonly button: RefObject<HTMLButtonElement>;
}

function LibraryButton({ open, onOpen, button }: LibraryButtonProps) {
  return (
    <button
      type="button"
      class="btn quiet sm"
      ref={button}
      aria-haspopup="dialog"
      aria-expanded={open}
      aria-controls={open ? "library" : undefined}
      onClick={() => onOpen(!open)}
    >
      <BookOpen size={15} strokeWidth={1.7} />Examples
    </button>
  );
}

export function PromptLibrary({ open, onOpen, children }: PromptLibraryProps) {
  const shown = open && children !== null;
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!shown) return;
    anchor.current?.querySelector<HTMLElement>(".pop-lib button")?.focus({ preventScroll: true });
  }, [shown]);
  useOutsidePress(anchor, open, () => onOpen(false));
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key !== "Escape") return onArrow(event);
    event.preventDefault();
    event.stopPropagation();
    onOpen(false);
    button.current?.focus();
  };
  return (
    <div class="pop-anchor" ref={anchor}>
      <LibraryButton open={open} onOpen={onOpen} button={button} />
      {shown && (
        <div
          class="pop pop-lib"
          id="library"
          role="dialog"
          aria-label="Example prompts"
          onKeyDown={onKeyDown}
        >
          {children}
        </div>
      )}
    </div>
  );
}
