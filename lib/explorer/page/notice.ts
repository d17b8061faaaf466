// A word about what has just been done, gone after a moment.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Tree } from "../session/types.ts";

const SHOWN_MS = 2500;
/** Time to read it, and to press its Undo. */
const SHOWN_WITH_UNDO_MS = 8000;

interface Notice {
  readonly text: string;
  /** The paths after what was done: while they are the page's, Undo takes that back. */
  readonly undoes: Tree | null;
}

export interface NoticeStore {
  /** Null: nothing is said. */
  readonly shown: ReadonlySignal<Notice | null>;
  /** `undoes`: the paths after what was done. */
  say(text: string, undoes?: Tree): void;
  close(): void;
}

/** What the page says for a moment, with an Undo where one is possible. */
export function createNotice(): NoticeStore {
  const shown = signal<Notice | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    shown.value = null;
  };
  return {
    shown,
    close,
    say(text, undoes) {
      clearTimeout(timer);
      shown.value = { text, undoes: undoes ?? null };
      timer = setTimeout(close, undoes === undefined ? SHOWN_MS : SHOWN_WITH_UNDO_MS);
    },
  };
}
