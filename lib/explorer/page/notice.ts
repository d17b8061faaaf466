// A word about what has just been done, gone after a moment.
import { type ReadonlySignal, signal } from "@preact/signals";

const SHOWN_MS = 2500;

export interface NoticeStore {
  /** "": nothing is said. */
  readonly text: ReadonlySignal<string>;
  say(text: string): void;
}

export function createNotice(): NoticeStore {
  const shown = signal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    text: shown,
    say(text) {
      clearTimeout(timer);
      shown.value = text;
      timer = setTimeout(() => shown.value = "", SHOWN_MS);
    },
  };
}
