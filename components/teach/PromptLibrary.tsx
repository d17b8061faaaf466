// Example prompts by topic: a dialog under its button. A press puts the prompt into the box.
import { BookOpen } from "../icons.ts";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useOutsidePress } from "../outside_press.ts";
import { LIBRARY, libraryLabel, type LibraryPrompt } from "../../lib/explorer/teach/library.ts";

interface PromptLibraryProps {
  readonly open: boolean;
  /** Prompts for a chat can be used. */
  readonly hasChat: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onChoose: (prompt: LibraryPrompt) => void;
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

function Topics({ hasChat, onChoose }: Pick<PromptLibraryProps, "hasChat" | "onChoose">) {
  const topics = LIBRARY.map(({ topic, prompts }) => ({
    topic,
    prompts: prompts.filter(({ source }) => hasChat || source.kind === "text"),
  })).filter(({ prompts }) => prompts.length > 0);
  return (
    <>
      {topics.map(({ topic, prompts }) => (
        <section key={topic} aria-label={topic}>
          <h3>{topic}</h3>
          <div>
            {prompts.map((prompt) => (
              <button
                key={libraryLabel(prompt)}
                type="button"
                onClick={() => onChoose(prompt)}
              >
                {libraryLabel(prompt)}
                <small>{prompt.why}</small>
              </button>
            ))}
          </div>
        </section>
      ))}
    </>
  );
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

export function PromptLibrary({ open, hasChat, onOpen, onChoose }: PromptLibraryProps) {
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    anchor.current?.querySelector<HTMLElement>(".pop-lib button")?.focus({ preventScroll: true });
  }, [open]);
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
      {open && (
        <div
          class="pop pop-lib"
          id="library"
          role="dialog"
          aria-label="Example prompts"
          onKeyDown={onKeyDown}
        >
          <Topics hasChat={hasChat} onChoose={onChoose} />
        </div>
      )}
    </div>
  );
}
