// The two things a stage can do to a distribution: give a few tokens new logits, or remove tokens. Neither takes
// an exponential for every token again unless rounding demands it.
import { type Dist, distOwning } from "./dist.ts";

/** Sums beyond these would lose digits to underflow or overflow: then everything is computed anew. */
const SMALLEST_SUM = 1e-200;
const LARGEST_SUM = 1e200;

/** New logits for the named ids; ids beyond the vocabulary and tokens already removed are left alone. */
export function withLogits(dist: Dist, changes: ReadonlyMap<number, number>): Dist {
  const logits = new Float64Array(dist.logits);
  const probs = new Float64Array(dist.probs);
  let changed = false;
  for (const [id, logit] of changes) {
    if (!(id >= 0 && id < logits.length) || logits[id] === -Infinity || logits[id] === logit) continue;
    if (!Number.isFinite(logit)) {
      throw new Error(`Expected a finite logit for token ${id} but found ${logit}`);
    }
    logits[id] = logit;
    probs[id] = Math.exp(logit - dist.logZ);
    changed = true;
  }
  if (!changed) return dist;
  let sum = 0;
  for (let id = 0; id < probs.length; id++) sum += probs[id]!;
  if (!(sum > SMALLEST_SUM && sum < LARGEST_SUM)) return distOwning(logits);
  for (let id = 0; id < probs.length; id++) probs[id]! /= sum;
  return { logits, probs, kept: dist.kept, logZ: dist.logZ + Math.log(sum) };
}

/** Removes every token for which `keeps` is false; what is left is scaled to 1. The same object where all stay. */
export function keepOnly(dist: Dist, keeps: (id: number) => boolean): Dist {
  const logits = new Float64Array(dist.logits.length).fill(-Infinity);
  const probs = new Float64Array(logits.length);
  let kept = 0;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    if (dist.logits[id] === -Infinity || !keeps(id)) continue;
    logits[id] = dist.logits[id]!;
    probs[id] = dist.probs[id]!;
    sum += probs[id]!;
    kept++;
  }
  if (kept === dist.kept) return dist;
  if (kept === 0) throw new Error("Expected a stage to keep at least one token but it kept none");
  if (sum < SMALLEST_SUM) return distOwning(logits);
  for (let id = 0; id < probs.length; id++) probs[id]! /= sum;
  return { logits, probs, kept, logZ: dist.logZ + Math.log(sum) };
}

/**
 * The named tokens (ids rising, all with a logit above -Infinity) alone, as a vocabulary of their own; digit for
 * digit what `keepOnly` of them gives.
 */
export function subset(dist: Dist, ids: Int32Array): Dist {
  const logits = Float64Array.from(ids, (id) => dist.logits[id]!);
  const probs = Float64Array.from(ids, (id) => dist.probs[id]!);
  if (ids.length === dist.kept) return { logits, probs, kept: dist.kept, logZ: dist.logZ };
  const sum = probs.reduce((total, p) => total + p, 0);
  if (sum < SMALLEST_SUM) return distOwning(logits);
  return { logits, probs: probs.map((p) => p / sum), kept: ids.length, logZ: dist.logZ + Math.log(sum) };
}
