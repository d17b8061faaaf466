// A keyboard event of the browser as the keyboard map wants it.
import type { KeyPress } from "./keys.ts";

/** The part of an event's target that counts. */
interface Target {
  readonly id?: string;
  readonly tagName?: string;
  readonly type?: string;
  closest?(selectors: string): unknown;
}

interface KeyLike {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly target: unknown;
}

const TYPED = new Set(["text", "number", "search", "email", "url"]);

function focusOf(target: Target): KeyPress["focus"] {
  const { id, tagName, type } = target;
  const composing = tagName === "TEXTAREA" && (target.closest?.(".composer") ?? null) !== null;
  if (id === "prompt" || composing) return "prompt";
  if (tagName === "TEXTAREA" || tagName === "SELECT") return "text";
  if (tagName === "INPUT") return TYPED.has(type ?? "text") ? "text" : "control";
  return tagName === "BUTTON" || tagName === "A" || tagName === "SUMMARY" ? "control" : "other";
}

/** A keyboard event as the keyboard map reads it; `singleKeys`: keys without a modifier count. */
export function keyPress(event: KeyLike, singleKeys: boolean): KeyPress {
  return {
    key: event.key,
    ctrl: event.ctrlKey || event.metaKey,
    shift: event.shiftKey,
    alt: event.altKey,
    focus: focusOf((event.target ?? {}) as Target),
    singleKeys,
  };
}
