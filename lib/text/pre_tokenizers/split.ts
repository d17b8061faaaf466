// Splitting at what a pattern matches (tokenizers/src/tokenizer/normalizer.rs, `split`).
import { cut, type Piece } from "../file/piece.ts";
import { findSections } from "../unicode/pattern.ts";

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
export function split(piece: Piece, pattern: RegExp, behavior: Behavior, invert = false): Piece[] {
  const { ends, matched } = findSections(piece.text, pattern);
  const pieces: Piece[] = [];
  const joined = joins[behavior];
  let start = 0;
  for (let at = 0; at < ends.length; at++) {
    const isMatch = matched[at] !== invert;
    const next = matched[at + 1];
    if (next !== undefined && joined(isMatch, next !== invert)) continue;
    const end = ends[at] ?? 0;
    if (end > start && !(behavior === "Removed" && isMatch)) pieces.push(cut(piece, start, end));
    start = end;
  }
  return pieces;
}
