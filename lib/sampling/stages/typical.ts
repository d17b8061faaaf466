import { nextUp } from "../adjacent.ts";
import { keepOnly } from "../adjust.ts";
import { type Dist, distEntropyBits } from "../dist.ts";
import { sortDescending } from "../order.ts";

/**
 * typical_p: tokens by rising distance |-ln p - H| of their surprise from the entropy; keeps those whose distance
 * is no larger than that of the first whose cumulative probability reaches the mass. Meister et al., "Locally
 * typical sampling", 2022; Transformers' TypicalLogitsWarper.
 */
export function typical(dist: Dist, mass: number): Dist {
  const { nearness, order } = byNearness(dist);
  let sum = 0;
  let edge = nearness[order[order.length - 1]!]!;
  for (const id of order) {
    sum += dist.probs[id]!;
    if (sum < mass) continue;
    edge = nearness[id]!;
    break;
  }
  return keepOnly(dist, (id) => nearness[id]! >= edge);
}

/** The least mass that keeps each of the tokens: just above what all nearer tokens hold. */
export function typicalNeeds(dist: Dist, ids: Int32Array): Float64Array {
  const { nearness, order } = byNearness(dist);
  const needs = new Float64Array(nearness.length);
  let sum = 0;
  let nearer = 0; // probability of the tokens that are strictly nearer
  order.forEach((id, index) => {
    if (index > 0 && nearness[id] !== nearness[order[index - 1]!]) nearer = sum;
    needs[id] = Math.min(1, nextUp(nearer));
    sum += dist.probs[id]!;
  });
  return Float64Array.from(ids, (id) => needs[id]!);
}

/** Minus the distance of each token's surprise from the entropy in nats, and the tokens left, nearest first. */
function byNearness(dist: Dist): { nearness: Float64Array; order: Int32Array } {
  const entropy = distEntropyBits(dist) * Math.LN2;
  const nearness = new Float64Array(dist.logits.length).fill(-Infinity);
  const left = new Int32Array(dist.kept);
  let at = 0;
  for (let id = 0; id < nearness.length; id++) {
    if (dist.logits[id] === -Infinity) continue;
    nearness[id] = -Math.abs(dist.logZ - dist.logits[id]! - entropy);
    left[at++] = id;
  }
  return { nearness, order: sortDescending(nearness, left) };
}
