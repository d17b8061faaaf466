// Splitting at what a pattern matches (tokenizers/src/tokenizer/normalizer.rs, `split`).
import { cut, type Cutter, EMPTY, type Piece, STEPS_A_REST } from "../file/piece.ts";
import type { SectionReader } from "../unicode/pattern.ts";

export const BEHAVIORS = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
] as const;

/** What becomes of a match: removed, a piece of its own, the end of the piece before it, the beginning of the next,
 * or one piece with the matches beside it. */
export type Behavior = typeof BEHAVIORS[number];

/** Whether a section and the one before it are one piece. */
const joins: Readonly<Record<Behavior, (before: boolean, matched: boolean) => boolean>> = {
  Removed: () => false,
  Isolated: () => false,
  MergedWithPrevious: (before, matched) => matched && !before,
  MergedWithNext: (before, matched) => before && !matched,
  Contiguous: (before, matched) => before === matched,
};

/** Cuts at the matches among the sections of a text; empty parts are dropped. `invert`: what does not match counts as
 * the match. */
export function createSplit(sections: SectionReader, behavior: Behavior, invert = false): Cutter {
  const joined = joins[behavior];
  let piece = EMPTY;
  let start = 0; // of the part that grows,
  let end = 0; // up to here,
  let last: boolean | null = null; // and whether its last section is a match
  let steps = 0;
  /** The part that has grown, where there is one; another begins. */
  const takePart = (): Piece | undefined => {
    const from = start;
    start = end;
    return end > from && !(behavior === "Removed" && last) ? cut(piece, from, end) : undefined;
  };
  return {
    begin(given) {
      piece = given;
      sections.begin(given.text);
      start = end = 0;
      last = null;
    },
    next() {
      while (++steps < STEPS_A_REST) {
        if (!sections.next()) return takePart();
        const isMatch = sections.matched !== invert;
        const part = last === null || joined(last, isMatch) ? undefined : takePart();
        end = sections.end;
        last = isMatch;
        if (part !== undefined) return part;
      }
      steps = 0;
      return null;
    },
  };
}
