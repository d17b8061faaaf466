// Classes of characters as the reference has them, as the inside of a class of a regular expression with the flag u.
import { COMBINING_MARKS, CONTROLS, NONSPACING_MARKS, NUMERIC, PUNCTUATION } from "./tables.ts";

/** `21-2f 3a` → `\u{21}-\u{2f}\u{3a}` */
export function classOf(ranges: string): string {
  return ranges.trim().split(/\s+/).map((range) => {
    return range.split("-").map((code) => `\\u{${code}}`).join("-");
  }).join("");
}

/** Rust's `char::is_whitespace`, and `\s` of its regex crate. */
export const WHITE_SPACE = "\\p{White_Space}";
/** `\w` of Rust's regex crate. */
export const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";
export const PUNCTUATION_MARK = classOf(PUNCTUATION);
export const NUMBER = classOf(NUMERIC);
export const NONSPACING_MARK = classOf(NONSPACING_MARKS);
export const COMBINING_MARK = classOf(COMBINING_MARKS);
export const CONTROL = classOf(CONTROLS);

/** A pattern that finds the characters of a class one by one. */
export function anyOf(characters: string): RegExp {
  return new RegExp(`[${characters}]`, "gu");
}
