// The code points that ECMAScript's escapes stand for. Unicode properties are asked from the engine's own RegExp, so
// that they are those of its version of Unicode.
import { invertRanges } from "../ir/utf8.ts";
import type { CodePointRange } from "../ir/utf8.ts";

const DIGITS: readonly CodePointRange[] = [[0x30, 0x39]];
const WORD: readonly CodePointRange[] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** WhiteSpace and LineTerminator of ECMA-262. */
const SPACES: readonly CodePointRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const FIXED: ReadonlyMap<string, readonly CodePointRange[]> = new Map([
  ["\\d", DIGITS],
  ["\\D", invertRanges(DIGITS)],
  ["\\w", WORD],
  ["\\W", invertRanges(WORD)],
  ["\\s", SPACES],
  ["\\S", invertRanges(SPACES)],
]);

/** Every code point but the surrogates, which have no UTF-8, and how to get from an offset back to a code point. */
const [BEFORE_SURROGATES, BEHIND_SURROGATES, PLANES] = [0xd7ff, 0xe000, 0x10000];

/** Finds sets of code points by name; one is made for a pattern, because it holds a text of all of Unicode. */
export class CharacterSets {
  #everything: string | null = null;
  readonly #known = new Map<string, readonly CodePointRange[]>();

  /** The code points that an escape such as `\p{Script=Greek}`, `\w` or `\S` matches, with the flag u. */
  ranges(escape: string): readonly CodePointRange[] {
    let ranges = FIXED.get(escape) ?? this.#known.get(escape);
    if (ranges === undefined) this.#known.set(escape, ranges = this.#find(escape));
    return ranges;
  }

  #find(escape: string): CodePointRange[] {
    this.#everything ??= allCharacters();
    const ranges: CodePointRange[] = [];
    for (const run of this.#everything.matchAll(new RegExp(`${escape}+`, "gu"))) {
      const first = codeAt(run.index);
      const last = codeAt(run.index + run[0].length - 1);
      if (first <= BEFORE_SURROGATES && last >= BEHIND_SURROGATES) {
        ranges.push([first, BEFORE_SURROGATES], [BEHIND_SURROGATES, last]);
      } else ranges.push([first, last]);
    }
    return ranges;
  }
}

function allCharacters(): string {
  const units = new Uint16Array(
    PLANES - (BEHIND_SURROGATES - BEFORE_SURROGATES - 1) + 2 * (0x110000 - PLANES),
  );
  let at = 0;
  for (let code = 0; code < PLANES; code++) {
    if (code <= BEFORE_SURROGATES || code >= BEHIND_SURROGATES) units[at++] = code;
  }
  for (let above = 0; above < 0x100000; above++) {
    units[at++] = 0xd800 | above >> 10;
    units[at++] = 0xdc00 | above & 0x3ff;
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(units);
}

/** The code point one of whose UTF-16 units is at `offset` of `allCharacters`. */
function codeAt(offset: number): number {
  if (offset <= BEFORE_SURROGATES) return offset;
  const skipped = offset + BEHIND_SURROGATES - BEFORE_SURROGATES - 1;
  return skipped < PLANES ? skipped : PLANES + ((skipped - PLANES) >> 1);
}
