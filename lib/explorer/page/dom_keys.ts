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
  readonly code?: string; // of the key itself, whatever stands on it
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

const SIGNS_BY_CODE: Readonly<Record<string, string>> = { BracketLeft: "[", BracketRight: "]" };

/** What a key means to the map, which has Latin letters and digits: on a layout without them the one that stands in its
 * place. */
function commandOf({ key, code = "" }: KeyLike): string {
  if (!/^[\p{L}\p{Nd}]$/u.test(key) || /[0-9]|\p{Script=Latin}/u.test(key)) return key;
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1]?.toLowerCase() ?? SIGNS_BY_CODE[code] ?? key;
}

/** A keyboard event as the keyboard map reads it; `singleKeys`: keys without a modifier count. */
export function readKeyPress(event: KeyLike, singleKeys: boolean): KeyPress {
  return {
    key: commandOf(event),
    ctrl: event.ctrlKey || event.metaKey,
    shift: event.shiftKey,
    alt: event.altKey,
    focus: focusOf((event.target ?? {}) as Target),
    singleKeys,
  };
}
