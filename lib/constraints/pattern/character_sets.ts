// The code points that ECMAScript's escapes stand for. Unicode properties are asked from the engine's own RegExp, so
// that they are those of its version of Unicode.
import { clipRanges, invertRanges, uniteRanges } from "../ir/utf8.ts";
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

  /** The code points that an escape such as `\p{Script=Greek}`, `\w` or `\S` matches, with the flag u and maybe i. */
  ranges(escape: string, ignoreCase = false): readonly CodePointRange[] {
    return (ignoreCase ? undefined : FIXED.get(escape)) ?? this.#find(escape, ignoreCase ? "giu" : "gu");
  }

  /** The code points that match one of the ranges with the flags i and u (simple case folding). */
  anyCase(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
    if (ranges.every(([, to]) => to < 0x80)) return anyCaseOfAscii(ranges);
    const hex = (code: number) => `\\u{${code.toString(16)}}`;
    return this.#find(`[${ranges.map(([from, to]) => `${hex(from)}-${hex(to)}`).join("")}]`, "giu");
  }

  #find(escape: string, flags: string): readonly CodePointRange[] {
    const key = `${escape}/${flags}`;
    let ranges = this.#known.get(key);
    if (ranges === undefined) {
      this.#everything ??= joinAllCharacters();
      this.#known.set(key, ranges = findRuns(this.#everything, new RegExp(`${escape}+`, flags)));
    }
    return ranges;
  }
}

/** The code points of all matches in the text of all characters. */
function findRuns(everything: string, runs: RegExp): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  for (const run of everything.matchAll(runs)) {
    const first = codeOfOffset(run.index);
    const last = codeOfOffset(run.index + run[0].length - 1);
    if (first <= BEFORE_SURROGATES && last >= BEHIND_SURROGATES) {
      ranges.push([first, BEFORE_SURROGATES], [BEHIND_SURROGATES, last]);
    } else ranges.push([first, last]);
  }
  return ranges;
}

/** ASCII's letters have two cases each, and k and s one more beyond ASCII: the Kelvin sign and the long s. */
function anyCaseOfAscii(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const swapped = [
    ...clipRanges(ranges, 0x41, 0x5a).map(([from, to]): CodePointRange => [from + 32, to + 32]),
    ...clipRanges(ranges, 0x61, 0x7a).map(([from, to]): CodePointRange => [from - 32, to - 32]),
  ];
  const all = uniteRanges([...ranges, ...swapped]);
  const extra = ([[0x6b, 0x212a], [0x73, 0x17f]] as const)
    .filter(([letter]) => all.some(([from, to]) => from <= letter && letter <= to))
    .map(([, code]): CodePointRange => [code, code]);
  return [...all, ...extra];
}

function joinAllCharacters(): string {
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

/** The code point one of whose UTF-16 units is at `offset` of `joinAllCharacters`. */
function codeOfOffset(offset: number): number {
  if (offset <= BEFORE_SURROGATES) return offset;
  const skipped = offset + BEHIND_SURROGATES - BEFORE_SURROGATES - 1;
  return skipped < PLANES ? skipped : PLANES + ((skipped - PLANES) >> 1);
}
