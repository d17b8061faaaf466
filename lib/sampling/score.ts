// What a distribution thought of one token, from a row of logits, without making the distribution.
import { weighRow } from "../vector/kernels.ts";
import type { Values } from "./order.ts";

export interface TokenScore {
  readonly logprob: number; // natural; -Infinity where the token is impossible
  readonly rank: number; // tokens with a greater logit
  readonly entropyBits: number; // of the whole distribution
  /** What makes log-probabilities of the row's other logits: see logprobFrom. */
  readonly scale: RowScale;
}

/** ln of the sum of exp(logit − max) over a row, and its max. */
export interface RowScale {
  readonly max: number;
  readonly logSum: number;
}

/** The natural log-probability of a token under softmax of its row. */
export function logprobFrom(logit: number, { max, logSum }: RowScale): number {
  return Math.min(0, logit - max - logSum);
}

/** The natural log-probability of each token under softmax(logits), to the bit as `scoreOf` has it. */
export function logprobsUnder(logits: Values): (id: number) => number {
  let max = -Infinity;
  for (let at = 0; at < logits.length; at++) if (logits[at]! > max) max = logits[at]!;
  const scale = { max, logSum: Math.log(weighRow(logits, { ...PLAIN, largest: max }).sum) };
  return (id) => logprobFrom(logits[id]!, scale);
}

/** Scores token `id` under softmax(logits), in double precision. H = ln Z - sum of p (logit - max). */
export function scoreOf(logits: Values, id: number): TokenScore {
  const own = logits[id]!;
  let max = -Infinity;
  let rank = 0;
  for (let at = 0; at < logits.length; at++) {
    const logit = logits[at]!;
    if (logit > max) max = logit;
    if (logit > own) rank++;
  }
  const { sum, weighted } = weighRow(logits, { ...PLAIN, largest: max });
  return scoreFrom({ own, max, sum, weighted: -weighted, rank });
}

/** As they are, from the largest. */
const PLAIN = { factor: 1, without: [] };

/** The score that a row's sums make: sum of w = exp(logit - max), weighted: sum of w (logit - max). */
export function scoreFrom({ own, max, sum, weighted, rank }: {
  readonly own: number; // the token's logit
  readonly max: number;
  readonly sum: number;
  readonly weighted: number;
  readonly rank: number;
}): TokenScore {
  const scale = { max, logSum: Math.log(sum) };
  const entropyBits = Math.max(0, (scale.logSum - weighted / sum) / Math.LN2);
  return { logprob: logprobFrom(own, scale), rank, entropyBits, scale };
}
