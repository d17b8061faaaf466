// The two things a stage can do to a distribution: give a few tokens new logits, or remove tokens. Neither takes
// an exponential for every token again unless rounding demands it.
import { type Dist, distOwning } from "./dist.ts";
import { distLater, distOfArrays, distOfFew, placeOf, probOf } from "./dist_forms.ts";
import { FEW, type Values, withRoom } from "./order.ts";

/** Sums beyond these would lose digits to underflow or overflow: then everything is computed anew. */
const SMALLEST_SUM = 1e-200;
const LARGEST_SUM = 1e200;

/** Below these, what is left of 1 and of the entropy (in nats) has lost digits: then they are summed up anew. */
const LEAST_SUM = 0.5;
const LEAST_NATS = 1e-3;

/** New logits for the named ids; ids beyond the vocabulary and tokens already removed are left alone. */
export function withLogits(dist: Dist, changes: ReadonlyMap<number, number>): Dist {
  const logits = new Float64Array(dist.logits);
  const changed: number[] = [];
  for (const [id, logit] of changes) {
    if (!(id >= 0 && id < logits.length) || logits[id] === -Infinity || logits[id] === logit) continue;
    if (!Number.isFinite(logit)) {
      throw new Error(`Expected a finite logit for token ${id} but found ${logit}`);
    }
    logits[id] = logit;
    changed.push(id);
  }
  if (changed.length === 0) return dist;
  return scaleChanged(dist, logits, changed) ?? scaleAll(dist, logits, changed);
}

/** The distribution of `logits`, which differ from those of `dist` in `changed` only: sum and entropy by what those add
 * and take. With q = exp(logit - logZ before) and S = sum q, H = ln S - sum(q ln q) / S. Null where too few digits
 * would be left. */
function scaleChanged(dist: Dist, logits: Float64Array, changed: readonly number[]): Dist | null {
  let taken = 0;
  let added = 0;
  let surprise = dist.entropyBits * Math.LN2; // -sum q ln q
  for (const id of changed) {
    const before = probOf(dist, id);
    const power = logits[id]! - dist.logZ;
    const weight = Math.exp(power);
    taken += before;
    added += weight;
    if (before > 0) surprise += before * Math.log(before);
    if (weight > 0) surprise -= weight * power;
  }
  const sum = 1 - taken + added;
  const nats = Math.log(sum) + surprise / sum;
  const exact = dist.beyond === undefined && 1 - taken > LEAST_SUM && sum < LARGEST_SUM && nats > LEAST_NATS;
  if (!exact) return null;
  const sums = { logZ: dist.logZ + Math.log(sum), entropyBits: nats / Math.LN2 };
  return scaledLater(dist, logits, Int32Array.from(changed).sort(), 1 / sum, sums);
}

/** The probabilities of `dist` times `factor`, those of the `changed` tokens (rising ids) from their new logits. */
function scaledLater(
  dist: Dist,
  logits: Float64Array,
  changed: Int32Array,
  factor: number,
  sums: Pick<Dist, "logZ" | "entropyBits">,
): Dist {
  const changedProb = (id: number) => Math.exp(logits[id]! - dist.logZ) * factor;
  return distLater(logits, {
    kept: dist.kept,
    sums: () => sums,
    probOf: (id) => placeOf(changed, id) < 0 ? probOf(dist, id) * factor : changedProb(id),
    probs() {
      const probs = new Float64Array(logits.length);
      const before = dist.probs;
      for (let id = 0; id < probs.length; id++) probs[id] = before[id]! * factor;
      for (const id of changed) probs[id] = changedProb(id);
      return probs;
    },
  });
}

/** As `scaleChanged`, by sums over the vocabulary. */
function scaleAll(dist: Dist, logits: Float64Array, changed: readonly number[]): Dist {
  const probs = new Float64Array(dist.probs);
  for (const id of changed) probs[id] = Math.exp(logits[id]! - dist.logZ);
  let sum = 0;
  for (let id = 0; id < probs.length; id++) sum += probs[id]!;
  if (!(sum > SMALLEST_SUM && sum < LARGEST_SUM)) return distOwning(logits);
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
  const small = subset(dist, ids);
  return distOfFew(dist.size, { ids, logits: small.logits, probs: small.probs }, small);
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
  let ids = new Int32Array(FEW);
  let kept = 0;
  for (let id = 0; id < logits.length; id++) {
    if (!(values[id]! >= edge && logits[id]! > -Infinity)) continue;
    ids = withRoom(ids, kept);
    ids[kept++] = id;
  }
  return keepIds(dist, ids.slice(0, kept));
}

/**
 * The named tokens (rising ids, none removed before) alone, scaled to 1, as a vocabulary of their own; digit for
 * digit what `keepIds` gives.
 */
export function subset(dist: Dist, ids: Int32Array): Dist {
  const kept = ids.length;
  if (kept === 0) throw new Error("Expected a stage to keep at least one token but it kept none");
  const logits = new Float64Array(kept);
  const probs = new Float64Array(kept);
  let sum = 0;
  for (let at = 0; at < kept; at++) {
    logits[at] = dist.logits[ids[at]!]!;
    probs[at] = dist.probs[ids[at]!]!;
    sum += probs[at]!;
  }
  if (kept === dist.kept) return distOfArrays(logits, probs, dist);
  if (sum < SMALLEST_SUM) return distOwning(logits);
  const entropyBits = scaleToOne(logits, probs, sum);
  return distOfArrays(logits, probs, { kept, logZ: dist.logZ + Math.log(sum), entropyBits });
}
