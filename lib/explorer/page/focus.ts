/// <reference lib="dom" />
// Where the focus goes, and when it stays. An answer takes it to the bars only from a place that is not being used:
// letters that are typed there would be commands.
import type { ReadonlySignal } from "@preact/signals";
import { isDirty } from "../moves/prompt_moves.ts";
import type { Reason, Session } from "../session/types.ts";

/** Milliseconds without a key before the focus leaves the prompt that was started: longer than between two letters. */
const REST_MS = 500;

/** Moves the focus to the first bar; where it is about to be drawn, then. */
export function focusFirstBar(): void {
  const focus = () => {
    const bar = document.querySelector<HTMLElement>("#bars button");
    bar?.focus({ preventScroll: true });
    return bar !== null;
  };
  if (!focus()) requestAnimationFrame(focus);
}

/** Bars become a table, or the other way: who read there reads on there. */
export function keepFocusInList(change: () => void): void {
  const inside = document.activeElement?.closest("#bars, .tablewrap") ?? null;
  change();
  if (inside === null) return;
  requestAnimationFrame(() => {
    if (!inside.isConnected) document.querySelector<HTMLElement>("#bars button, .tablewrap")?.focus();
  });
}

/** Moves the focus to an element by its id. */
export function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}

/** Moves the focus to the prompt's box, or the chat's. */
export function focusPrompt(): void {
  document.querySelector<HTMLElement>("#prompt, .composer textarea")?.focus();
}

/** Moves the focus to an empty last message, as soon as it is drawn. */
export function focusNextTurn(): void {
  requestAnimationFrame(() => {
    const last = [...document.querySelectorAll<HTMLTextAreaElement>(".msg textarea.turn")].at(-1);
    if (last?.value === "") last.focus();
  });
}

export interface AnswerFocus {
  /** An answer is on the page. */
  answered(reason: Reason): void;
  stop(): void;
}

/** The focus after answers. From nowhere it goes to the first bar, once the page has been touched; from the Start
 * button too. From the prompt that was started it goes there after a rest, and stays when anything is typed before. */
export function followAnswers(session: ReadonlySignal<Session>): AnswerFocus {
  const stopped = new AbortController();
  const { signal } = stopped;
  let touched = false;
  let lastKey = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener("keydown", () => {
    touched = true;
    lastKey = performance.now();
    clearTimeout(timer);
  }, { signal, capture: true });
  addEventListener("pointerdown", () => {
    touched = true;
    clearTimeout(timer);
  }, { signal, capture: true });
  return {
    answered(reason) {
      const { activeElement: focused, body } = document;
      if (focused === body) return void (reason !== "auto" && touched && focusFirstBar());
      if (reason !== "start" || !(focused instanceof HTMLElement) || !focused.closest(".composer")) return;
      if (!isField(focused)) return focusFirstBar();
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (document.activeElement === focused && !isDirty(session.value)) focusFirstBar();
      }, Math.max(0, lastKey + REST_MS - performance.now()));
    },
    stop() {
      clearTimeout(timer);
      stopped.abort();
    },
  };
}

/** Whether an element takes what is typed, or chosen by keys. */
export function isField(element: Element): boolean {
  return element.matches("textarea, input, select");
}
