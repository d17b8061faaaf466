import { nextUp } from "../adjacent.ts";
import { keepAtLeast } from "../adjust.ts";
import { type Dist, surprisesOf } from "../dist.ts";
import { listIdsAtLeast, walkDescending } from "../order.ts";

/**
 * typical_p: tokens by rising distance |-ln p - H| of their surprise from the entropy; keeps those whose distance
 * is no larger than that of the first whose cumulative probability reaches the mass. Meister et al., "Locally
 * typical sampling", 2022; Transformers' TypicalLogitsWarper.
 */
export function typical(dist: Dist, mass: number): Dist {
  const { probs } = dist;
  const nearness = nearnessOf(dist);
  let sum = 0;
  let edge = -Infinity;
  walkDescending(nearness, (id) => {
    if (nearness[id] === -Infinity) return true; // removed before
    sum += probs[id]!;
    edge = nearness[id]!;
    return sum >= mass;
  });
  return keepAtLeast(dist, nearness, edge);
}

/** The least mass that keeps each of the tokens: just above what all strictly nearer tokens hold. */
export function findLeastTypicalP(dist: Dist, ids: Int32Array): Float64Array {
  const { probs } = dist;
  const nearness = nearnessOf(dist);
  const order = listIdsAtLeast(nearness, ids.reduce((least, id) => Math.min(least, nearness[id]!), 0));
  const nearer = new Float64Array(nearness.length);
  let [sum, before] = [0, 0];
  for (let at = 0; at < order.length; at++) {
    const id = order[at]!;
    if (at > 0 && nearness[id] !== nearness[order[at - 1]!]) before = sum;
    nearer[id] = before;
    sum += probs[id]!;
  }
  return Float64Array.from(ids, (id) => Math.min(1, nextUp(nearer[id]!)));
}

/** Minus the distance of each token's surprise from the entropy, in nats; -Infinity for removed tokens. */
function nearnessOf(dist: Dist): Float64Array {
  const entropy = dist.entropyBits * Math.LN2;
  const nearness = new Float64Array(dist.logits.length);
  const surprise = surprisesOf(dist);
  for (let id = 0; id < nearness.length; id++) {
    nearness[id] = -Math.abs(surprise(id) - entropy);
  }
  return nearness;
}
