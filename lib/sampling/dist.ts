// A next-token distribution over the whole vocabulary, and what is read from one: the order, the entropy, a draw.
// Nothing here knows a tokenizer or a model; everything is double precision.
import type { WeightSums } from "../vector/kernels.ts";
import { factsOf } from "../vector/row_facts.ts";
import { crossingOf } from "./crossing.ts";
import { deferDist, type Dist, distOfArrays, isApart, probOf } from "./dist_forms.ts";
import { type Given, givenOf, listWeights, rankInGiven, weighAll, type Weighed, weightOf } from "./given.ts";
import type { Values } from "./order.ts";

export type { Beyond, Dist } from "./dist_forms.ts";

/** The distribution softmax(logits); the logits must not be changed any more. -Infinity is probability 0. Throws where
 * one is NaN or +Infinity or none is above -Infinity. */
export function distOf(logits: Values): Dist {
  const { largest, kept } = factsOf(logits);
  if (!Number.isFinite(largest)) return distOfOwned(Float64Array.from(logits)); // which says what is wrong
  return distOfGiven(givenOf(logits, largest), kept);
}

/** As `distOf`, of an array of our own, which the caller must not change any more; all is made at once. */
export function distOfOwned(logits: Float64Array): Dist {
  const given = givenOf(logits, logits[argmax(logits)]!);
  const found = weighAll(given, true);
  const probs = found.takeWeights()!;
  scale(probs, 1 / found.sum);
  let kept = 0;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > -Infinity) kept++;
  return distOfArrays(logits, probs, { kept, ...sumsOf(given, found) });
}

/** The distribution of logits as they were given or changed, made when it is asked for. `kept`: logits above
 * -Infinity. */
export function distOfGiven(given: Given, kept: number): Dist {
  let known: Weighed | null = null;
  const weighed = () => known ??= weighAll(given, false);
  return deferDist(given, {
    kept,
    sums: () => sumsOf(given, weighed()),
    probOf: (id) => weightOf(given, id) * (1 / weighed().sum),
    listProbs(ids) {
      const { sum } = weighed();
      const probs = listWeights(given, ids);
      scale(probs, 1 / sum);
      return probs;
    },
    probs() {
      known = weighAll(given, true);
      const probs = known.takeWeights()!;
      scale(probs, 1 / known.sum);
      return probs;
    },
  });
}

/** One exponential a token, and the entropy beside it: with d = max - logit and w = exp(-d),
 * H = ln(sum w) + sum(w d) / sum w, two terms that are never negative. */
function sumsOf(
  { largest, divisor }: Given,
  { sum, weighted }: Readonly<WeightSums>,
): Pick<Dist, "logZ" | "entropyBits"> {
  return {
    logZ: largest / divisor + Math.log(sum),
    entropyBits: (Math.log(sum) + weighted / sum) / Math.LN2,
  };
}

function scale(values: Float64Array, factor: number): void {
  for (let at = 0; at < values.length; at++) values[at]! *= factor;
}

/** Id of the largest logit, ties to the lowest id. Throws where a logit is no number or no token is left. */
export function argmax(logits: Values): number {
  let best = -1;
  let max = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit > max) {
      max = logit;
      best = id;
    } else if (logit !== logit) {
      throw new Error(`Expected a number as the logit of token ${id} but found NaN`);
    }
  }
  if (max === Infinity) throw new Error(`Expected a finite logit for token ${best} but found Infinity`);
  if (best < 0) throw new Error(`Expected at least one possible token but found none among ${logits.length}`);
  return best;
}

/**
 * -ln p of each token, from the logits: no logarithm a token, and Infinity for removed ones. Measured from the best
 * token, not from logZ, which swallows ln of the number of best tokens where a tiny temperature made logits huge.
 */
export function surprisesOf({ logits, probs }: Dist): (id: number) => number {
  const best = argmax(logits);
  const max = logits[best]!;
  const least = -Math.log(probs[best]!);
  return (id) => max - logits[id]! + least;
}

/** How many tokens, most probable first, hold at least `share` (0..1) of the probability. */
export function countMass(probs: Float64Array | Dist, share: number): number {
  return share > 0 ? crossingOf(probs, (sum) => sum >= share).count : 0;
}

/** 0-based place of a token in the order by falling value, ties by rising id. Throws a RangeError for another id. */
export function rankOf(values: Values, id: number): number {
  const own = values[id];
  if (own === undefined) throw new RangeError(`Expected a token id below ${values.length} but found ${id}`);
  let rank = 0;
  for (let other = 0; other < id; other++) if (values[other]! >= own) rank++; // one comparison a token
  for (let other = id + 1; other < values.length; other++) if (values[other]! > own) rank++;
  return rank;
}

/** The same of a token of a distribution, by its logits. */
export function rankInDist(dist: Dist, id: number): number {
  const { best } = dist;
  const at = best.indexOf(id);
  // One that stands apart from its neighbours needs no look at the others.
  const standsApart = (from: number) => isApart(probOf(dist, best[from]!), probOf(dist, best[from + 1]!));
  if (at >= 0 && at + 1 < best.length && standsApart(at) && (at === 0 || standsApart(at - 1))) return at;
  return dist.given === undefined ? rankOf(dist.logits, id) : rankInGiven(dist.given, id);
}

/**
 * The token on which `u` in [0, 1) falls when the probabilities lie side by side, falling, ties by rising id (the
 * order shown): the first whose cumulative sum is above u. Never a token of probability 0. Throws a RangeError for
 * another `u`.
 */
export function draw(probs: Float64Array | Dist, u: number): number {
  if (!(u >= 0 && u < 1)) throw new RangeError(`Expected u to be at least 0 and below 1 but found ${u}`);
  const { id } = crossingOf(probs, (sum) => sum > u); // where rounding left all below u: the last possible token
  if (id < 0) throw new Error("Expected at least one token with a probability above 0 but found none");
  return id;
}
