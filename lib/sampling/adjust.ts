// The two things a stage can do to a distribution: give a few tokens new logits, or remove tokens. Neither takes
// an exponential for every token again unless rounding demands it.
import { type Dist, distOfOwned } from "./dist.ts";
import {
  deferDist,
  distOfArrays,
  distOfFew,
  listBestDownTo,
  listProbs,
  listRisingDownTo,
  logitOf,
  probOf,
  RANKED,
} from "./dist_forms.ts";
import { changeGiven, type Given, givenLogitOf, givenOf, placeOf } from "./given.ts";
import { weighRow } from "../vector/kernels.ts";
import { FEW, listRisingIds, type Values, withRoom } from "./order.ts";

/** Sums beyond these would lose digits to underflow or overflow: then everything is computed anew. */
const SMALLEST_SUM = 1e-200;
const LARGEST_SUM = 1e200;

/** Below these, what is left of 1 and of the entropy (in nats) has lost digits: then they are summed up anew. */
const LEAST_SUM = 0.5;
const LEAST_NATS = 1e-3;
/** From here on what is removed is what is kept less than 1, to nine digits; less is summed up. A sum over 150,000
 * tokens has lost two digits more than one over a few. */
const LEAST_LOST = { few: 1e-4, many: 1e-2 };

/** New logits for the named ids, each named once: what `change` makes of the present one. Ids beyond the vocabulary and
 * tokens already removed are left alone. Throws where a new logit is not finite. */
export function withLogits(
  dist: Dist,
  ids: Iterable<number>,
  change: (logit: number, id: number) => number,
): Dist {
  const named = Int32Array.from(ids).sort();
  const [before, logits] = [new Float64Array(named.length), new Float64Array(named.length)];
  let count = 0;
  for (const id of named) {
    if (!(id >= 0 && id < dist.size)) continue;
    const old = logitOf(dist, id);
    const logit = old === -Infinity ? old : change(old, id);
    if (logit === old) continue;
    if (!Number.isFinite(logit)) {
      throw new Error(`Expected a finite logit for token ${id} but found ${logit}`);
    }
    named[count] = id;
    before[count] = old;
    logits[count++] = logit;
  }
  if (count === 0) return dist;
  const changed = { ids: named.slice(0, count), logits: logits.slice(0, count) };
  return scaleChanged(dist, changed, before.subarray(0, count)) ?? scaleAll(dist, changed);
}

/** Tokens that get other logits: rising ids. */
interface Changed {
  readonly ids: Int32Array;
  readonly logits: Float64Array;
}

/** The distribution with other logits for some tokens, which were `before`: sum and entropy by what those add and take.
 * With q = exp(logit - logZ before) and S = sum q, H = ln S - sum(q ln q) / S. Null where too few digits would be
 * left, or some tokens are removed. */
function scaleChanged(dist: Dist, { ids, logits }: Changed, before: Float64Array): Dist | null {
  if (dist.given === undefined) return null;
  const [taken, added] = [sumUnder(before, dist.logZ), sumUnder(logits, dist.logZ)];
  const sum = 1 - taken.sum + added.sum;
  const surprise = dist.entropyBits * Math.LN2 - taken.surprise + added.surprise; // -sum q ln q
  const nats = Math.log(sum) + surprise / sum;
  if (!(1 - taken.sum > LEAST_SUM && sum < LARGEST_SUM && nats > LEAST_NATS)) return null;
  const sums = { logZ: dist.logZ + Math.log(sum), entropyBits: nats / Math.LN2 };
  return scaleLater(dist, changeGiven(withoutDivisor(dist, dist.given), ids, logits), 1 / sum, sums);
}

/** With q = exp(logit - logZ): sum q, and -sum(q ln q). */
function sumUnder(logits: Float64Array, logZ: number): { readonly sum: number; readonly surprise: number } {
  const largest = logits.reduce((most, logit) => logit > most ? logit : most, -Infinity);
  const { sum, weighted } = weighRow(logits, { largest, factor: 1, without: [] });
  const [scale, above] = [Math.exp(largest - logZ), largest - logZ];
  return { sum: scale * sum, surprise: scale * (weighted - above * sum) };
}

/** The logits of `dist`, of which some may be changed. */
function withoutDivisor(dist: Dist, given: Given): Given {
  return given.divisor === 1 ? given : givenOf(dist.logits, given.largest / given.divisor);
}

/** The probabilities of `dist` times `factor`, those of the tokens that `given` changes from their new logits. */
function scaleLater(
  dist: Dist,
  given: Given,
  factor: number,
  sums: Pick<Dist, "logZ" | "entropyBits">,
): Dist {
  const { ids } = given;
  const changedProb = (id: number) => Math.exp(givenLogitOf(given, id) - dist.logZ) * factor;
  return deferDist(given, {
    kept: dist.kept,
    sums: () => sums,
    probOf: (id) => placeOf(ids, id) < 0 ? probOf(dist, id) * factor : changedProb(id),
    listProbs(some) {
      const probs = listProbs(dist, some);
      for (let at = 0; at < some.length; at++) {
        probs[at] = placeOf(ids, some[at]!) < 0 ? probs[at]! * factor : changedProb(some[at]!);
      }
      return probs;
    },
    probs() {
      const before = dist.probs;
      const probs = new Float64Array(before.length);
      for (let id = 0; id < probs.length; id++) probs[id] = before[id]! * factor;
      for (const id of ids) probs[id] = changedProb(id);
      return probs;
    },
  });
}

/** As `scaleChanged`, by sums over the vocabulary. */
function scaleAll(dist: Dist, changed: Changed): Dist {
  const logits = new Float64Array(dist.logits);
  const probs = new Float64Array(dist.probs);
  changed.ids.forEach((id, at) => {
    logits[id] = changed.logits[at]!;
    probs[id] = Math.exp(logits[id]! - dist.logZ);
  });
  let sum = 0;
  for (let id = 0; id < probs.length; id++) sum += probs[id]!;
  if (!(sum > SMALLEST_SUM && sum < LARGEST_SUM)) return distOfOwned(logits);
  const entropyBits = scaleToOne(logits, probs, sum);
  return distOfArrays(logits, probs, { kept: dist.kept, logZ: dist.logZ + Math.log(sum), entropyBits });
}

/** Divides by the sum; gives the entropy in bits. Surprises are measured from the best token, not from logZ, which
 * swallows ln of the number of best tokens where a tiny temperature made logits huge. */
function scaleToOne(logits: Values, probs: Float64Array, sum: number): number {
  let max = -Infinity;
  let most = 0;
  for (let at = 0; at < logits.length; at++) {
    const p = probs[at]! /= sum;
    if (logits[at]! <= max) continue;
    max = logits[at]!;
    most = p;
  }
  let nats = 0;
  for (let at = 0; at < logits.length; at++) if (probs[at]! > 0) nats += probs[at]! * (max - logits[at]!);
  return Math.max(0, nats - Math.log(most)) / Math.LN2;
}

/**
 * Keeps the named tokens (rising ids, none removed before), scaled to 1, and removes all others. The same object
 * where nothing is removed.
 */
function keepIds(dist: Dist, ids: Int32Array): Dist {
  if (ids.length === dist.kept) return dist;
  const { subset, sum } = sumSubset(dist, ids);
  const few = { ids, logits: subset.logits, probs: subset.probs };
  const lost = 1 - sum;
  const isExact = dist.beyond === undefined && lost >= LEAST_LOST[ids.length <= RANKED ? "few" : "many"];
  return distOfFew(dist.size, isExact ? { ...few, lost } : few, subset);
}

/** Keeps the tokens for which `keeps` is true; see `keepIds`. */
export function keepOnly(dist: Dist, keeps: (id: number) => boolean): Dist {
  const { logits } = dist;
  let ids = new Int32Array(FEW);
  let kept = 0;
  for (let id = 0; id < logits.length; id++) {
    if (!(logits[id]! > -Infinity && keeps(id))) continue;
    ids = withRoom(ids, kept);
    ids[kept++] = id;
  }
  return keepIds(dist, ids.slice(0, kept));
}

/** Keeps the tokens whose value is at least `edge`: `keepOnly` without a call a token. */
export function keepAtLeast(dist: Dist, values: Float64Array, edge: number): Dist {
  const { logits } = dist;
  return keepIds(dist, listRisingIds(values, edge).filter((id) => logits[id]! > -Infinity));
}

/** Keeps the tokens of at least this probability. Where those are among the first, nothing is made of the others. */
export function keepProbable(dist: Dist, edge: number): Dist {
  if (!(edge > 0)) return keepAtLeast(dist, dist.probs, edge); // removed ones have that too
  return keepIds(dist, listBestDownTo(dist, edge)?.sort() ?? listRisingDownTo(dist, edge));
}

/**
 * The named tokens (rising ids, none removed before) alone, scaled to 1, as a vocabulary of their own; digit for
 * digit what `keepIds` gives.
 */
export function takeSubset(dist: Dist, ids: Int32Array): Dist {
  return sumSubset(dist, ids).subset;
}

/** The same, and the sum of their probabilities before. */
function sumSubset(dist: Dist, ids: Int32Array): { readonly subset: Dist; readonly sum: number } {
  const kept = ids.length;
  if (kept === 0) throw new Error("Expected a stage to keep at least one token but it kept none");
  const logits = new Float64Array(kept);
  const probs = listProbs(dist, ids);
  let sum = 0;
  for (let at = 0; at < kept; at++) {
    logits[at] = logitOf(dist, ids[at]!);
    sum += probs[at]!;
  }
  if (kept === dist.kept) return { subset: distOfArrays(logits, probs, dist), sum };
  if (sum < SMALLEST_SUM) return { subset: distOfOwned(logits), sum };
  const entropyBits = scaleToOne(logits, probs, sum);
  const subset = distOfArrays(logits, probs, { kept, logZ: dist.logZ + Math.log(sum), entropyBits });
  return { subset, sum };
}
