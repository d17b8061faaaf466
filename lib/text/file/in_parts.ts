// Long texts are rewritten part by part, with rests between.
import type { Slices } from "../../basics/slices.ts";

/** UTF-16 units of a part, at least. */
const LEAST = 2 ** 14;

/** Finds a place between two characters. */
const anywhere = /[^]/gu;

// Letters that neither compose with the character before them nor join it in a grapheme, and after which none of them
// does: ASCII, letters of the common scripts, animals and faces. A carriage return is none.
const PLAIN =
  "\\t\\n -~\\u{c0}-\\u{24f}\\u{391}-\\u{3c9}\\u{410}-\\u{44f}\\u{5d0}-\\u{5ea}\\u{621}-\\u{63a}\\u{641}-\\u{64a}" +
  "\\u{915}-\\u{939}\\u{e01}-\\u{e30}\\u{3041}-\\u{3096}\\u{30a1}-\\u{30fa}\\u{4e00}-\\u{9fff}\\u{ac00}-\\u{d7a3}" +
  "\\u{1f400}-\\u{1f64f}\\u{1f900}-\\u{1f9af}\\u{1f9b4}-\\u{1f9ff}";
// Behind marks of the common scripts a letter of theirs begins anew.
const MARKS = "\\u0300-\\u036f";
const MARKED = "\\t\\n -~\\u{c0}-\\u{24f}\\u{391}-\\u{3c9}\\u{410}-\\u{44f}";
const betweenPlain = new RegExp(`[${PLAIN}](?=[${PLAIN}])|[${MARKS}](?=[${MARKED}])`, "gu");

/** `rewrite(text)`, done in parts; `apart`: each character is rewritten by itself. Else it is cut where what joins
 * neighbours (normal forms, graphemes) does not reach across; `inSlices`: how a part that is long all the same is
 * rewritten. */
export function* rewriteInParts(
  text: string,
  rewrite: (text: string) => string,
  apart: boolean,
  inSlices: ((text: string) => Slices<string>) | null = null,
): Slices<string> {
  if (text.length <= 2 * LEAST) return rewrite(text);
  const pattern = new RegExp(apart ? anywhere : betweenPlain);
  let written = "";
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = yield* findCut(text, start + LEAST, pattern);
    const part = text.slice(start, end);
    written += part.length > 2 * LEAST && inSlices !== null ? yield* inSlices(part) : rewrite(part);
    yield;
  }
  return written;
}

/** UTF-16 units that a place between two characters is looked for in, and those that lie behind them. */
const [WINDOW, BEYOND] = [2 ** 14, 4];

/** Where a part ends that begins before `from`. */
function* findCut(text: string, from: number, pattern: RegExp): Slices<number> {
  for (let at = from; at < text.length; at += WINDOW) {
    pattern.lastIndex = 0;
    if (pattern.test(text.slice(at, at + WINDOW + BEYOND))) return at + pattern.lastIndex;
    yield;
  }
  return text.length;
}
