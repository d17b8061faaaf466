// Normal forms and lower case, as the reference's Unicode tables have them.
import type { Slices } from "../../basics/slices.ts";
import { classOf } from "./classes.ts";
import { normalizeMarks } from "./long_marks.ts";
import { orderLongRuns } from "./mark_order.ts";
import { NEVER_DECOMPOSED } from "./tables.ts";

export type NormalForm = "NFC" | "NFD" | "NFKC" | "NFKD";

const newer = new RegExp(`([${classOf(NEVER_DECOMPOSED)}])`, "u");

/** Unicode's normal form, but for characters that the reference's older tables leave alone. */
export function toNormalForm(text: string, form: NormalForm): string {
  const normalized = (part: string) => orderLongRuns(part).normalize(form);
  if (!newer.test(text)) return normalized(text);
  return text.split(newer).map((part, at) => at % 2 === 1 ? part : normalized(part)).join("");
}

/** UTF-16 units that are looked at in a slice. */
const LOOKED_AT = 2 ** 14;

/** The same in slices, where a text holds endless runs of marks. */
export function* toNormalFormInSlices(text: string, form: NormalForm): Slices<string> {
  const normalize = (part: string) => toNormalForm(part, form);
  for (let at = 0; at < text.length; at += LOOKED_AT) {
    if (newer.test(text.slice(at, at + LOOKED_AT + 1))) return normalize(text);
    yield;
  }
  return yield* normalizeMarks(text, normalize);
}

// Letters whose lower case Rust knows and this JavaScript's older tables don't, and how far it lies.
const newCase = /[\u{a7ce}\u{a7d2}\u{a7d4}]|[\u{16ea0}-\u{16eb8}]/gu;

/** Lower case character by character, as Rust's `char::to_lowercase`: a final Σ is an ordinary one. */
export function lowerCase(text: string): string {
  return text.replaceAll("Σ", "σ").toLowerCase().replace(newCase, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return String.fromCodePoint(code + (code < 0x10000 ? 1 : 0x1b));
  });
}
