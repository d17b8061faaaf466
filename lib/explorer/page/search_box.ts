// The search over the vocabulary in place of the bars: open or not, and what was typed before its list was loaded.
import { type ReadonlySignal, signal } from "@preact/signals";
import { focusFirstBar, focusOn } from "./focus.ts";

/** The id of the box. */
export const SEARCH_BOX = "vocabulary-query";

export interface SearchBox {
  readonly open: ReadonlySignal<boolean>;
  readonly typed: ReadonlySignal<string>;
  type(text: string): void;
  toggle(): void;
  /** Opens it, or goes back into its box. */
  enter(): void;
  /** Back to the bars, with the focus. */
  close(): void;
}

/** The search over the vocabulary, closed at first. */
export function createSearchBox(): SearchBox {
  const open = signal(false);
  const typed = signal("");
  const toggle = () => {
    open.value = !open.value;
    typed.value = "";
  };
  return {
    ...{ open, typed, toggle },
    type: (text) => typed.value = text,
    enter: () => open.value ? focusOn(SEARCH_BOX) : toggle(),
    close() {
      open.value = false;
      focusFirstBar();
    },
  };
}
