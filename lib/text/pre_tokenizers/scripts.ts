// UnicodeScripts: a split where the script changes (tokenizers/src/pre_tokenizers/unicode_scripts).
import { cut, type Cutter, EMPTY, STEPS_A_REST } from "../file/piece.ts";
import { SCRIPTS } from "../unicode/tables.ts";

interface Range {
  readonly first: number;
  readonly last: number;
  readonly script: number;
}

const ranges: readonly Range[] = SCRIPTS.flatMap((line, script) => {
  return line.split(/\s+/).map((range) => {
    const [first = 0, last = first] = range.split("-").map((code) => Number.parseInt(code, 16));
    return { first, last, script };
  });
}).sort((a, b) => a.first - b.first);

/** Number of a character's script; null for a space and for what belongs to none. */
function scriptOf(code: number): number | null {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined || code < range.first) high = middle - 1;
    else if (code > range.last) low = middle + 1;
    else return range.script;
  }
  return null;
}

/** Cuts a piece before each character whose script differs from the last one that had a script. */
export function createScriptCutter(): Cutter {
  let piece = EMPTY;
  let at = 0;
  let last: number | null = null;
  let start: number | null = null; // the reference drops what stands before the first character with a script
  return {
    begin(given) {
      piece = given;
      at = 0;
      last = start = null;
    },
    next() {
      const { text } = piece;
      for (let steps = 0; at < text.length; steps++) {
        if (steps === STEPS_A_REST) return null;
        const code = text.codePointAt(at) ?? 0;
        const begin = at;
        const from: number | null = start;
        const script = scriptOf(code);
        at += code > 0xffff ? 2 : 1;
        if (script === null || script === last) continue;
        start = begin;
        last = script;
        if (from !== null) return cut(piece, from, begin);
      }
      if (start === null) return undefined;
      const from = start;
      start = null;
      return cut(piece, from, text.length);
    },
  };
}
