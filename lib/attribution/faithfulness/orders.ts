// In which order tokens are taken away, and how many at each step of a curve.
import { uniformAt } from "../../sampling/rng.ts";

/** Shares of the tokens that are removed. Fixed, so that methods and texts can be compared. */
export const FRACTIONS: readonly number[] = [0.1, 0.2, 0.5];

/** How many of `length` tokens each fraction means: at least one, never all, each count once, ascending.
 * Throws a RangeError for a fraction that is not between 0 and 1. */
export function countRemovals(length: number, fractions: readonly number[]): number[] {
  for (const fraction of fractions) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new RangeError(`Expected fractions between 0 and 1 but found ${fraction}`);
    }
  }
  const counts = fractions.map((fraction) =>
    Math.min(length - 1, Math.max(1, Math.round(fraction * length)))
  );
  return [...new Set(counts)].filter((count) => count > 0).sort((a, b) => a - b);
}

/** Positions by falling score; equal scores stay in the order of the text. Throws a RangeError for NaN, which has
 * no place in an order. */
export function orderByScore(scores: readonly number[]): number[] {
  if (scores.some(Number.isNaN)) throw new RangeError("Expected scores to be numbers but found NaN");
  return scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

const MAX_LENGTH = 2 ** 20; // tokens: keeps the random numbers of different orders apart

/** The random order number `index` of a seed: the same for every method that is compared on a text. */
export function drawRandomOrder(length: number, seed: number, index: number): number[] {
  const keys = Array.from({ length }, (_, i) => uniformAt(seed, index * MAX_LENGTH + i));
  return keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
}
