// Splitting at what a pattern matches (tokenizers/src/tokenizer/normalizer.rs, `split`).
import { cut, type Piece, type Pieces, STEPS_A_REST } from "../file/piece.ts";
import { eachSection } from "../unicode/pattern.ts";

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

/** Cuts a piece; empty parts are dropped. `invert`: what the pattern does not match counts as the match. */
export function* split(piece: Piece, pattern: RegExp, behavior: Behavior, invert = false): Pieces {
  const joined = joins[behavior];
  let start = 0; // of the piece that grows,
  let end = 0; // up to here,
  let last: boolean | null = null; // and whether its last section is a match
  let steps = 0;
  for (const section of eachSection(piece.text, pattern)) {
    const isMatch = section.matched !== invert;
    if (last !== null && !joined(last, isMatch)) {
      if (end > start && !(behavior === "Removed" && last)) yield cut(piece, start, end);
      start = end;
    }
    end = section.end;
    last = isMatch;
    if (++steps % STEPS_A_REST === 0) yield null;
  }
  if (end > start && !(behavior === "Removed" && last)) yield cut(piece, start, end);
}
