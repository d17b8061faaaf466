// Which way a text is written, for fields that may hold very long ones.

/** UTF-16 units up to which the browser finds it out, line by line. A paste of a mebibyte takes Chromium 5.9 seconds of
 * the processor that way, and 0.5 where it is told. */
const ASKED_OF_BROWSER = 2 ** 15;

const letter = /\p{L}/u;

/** Letters of scripts that are written from right to left, by the blocks of Unicode that are set aside for them. */
const leftwards = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The `dir` of a field with this text: what its first letter says where it is long. */
export function directionOf(text: string): "auto" | "ltr" | "rtl" {
  if (text.length <= ASKED_OF_BROWSER) return "auto";
  const first = letter.exec(text)?.[0] ?? "";
  return leftwards.test(first) ? "rtl" : "ltr";
}
