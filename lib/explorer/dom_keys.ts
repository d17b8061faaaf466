// A keyboard event of the browser as the keyboard map wants it.
import type { KeyPress } from "./keys.ts";

/** The part of an event's target that counts. */
interface Target {
  readonly id?: string;
  readonly tagName?: string;
  readonly type?: string;
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

function focusOf({ id, tagName, type }: Target): KeyPress["focus"] {
  if (id === "prompt") return "prompt";
  if (tagName === "TEXTAREA" || tagName === "SELECT") return "text";
  return tagName === "INPUT" && TYPED.has(type ?? "text") ? "text" : "other";
}

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
