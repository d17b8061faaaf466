import { keepAtLeast, keepOnly } from "../adjust.ts";
import { nextUp } from "../adjacent.ts";
import type { Dist } from "../dist.ts";
import { idsAtLeast, walkDescending } from "../order.ts";

/**
 * "strict": keep while the cumulative sum <= top_p, ties by rising id; the token that crosses is dropped.
 * "at_least": keep while the sum of the tokens before is < top_p, so the crossing token stays; of equal tokens
 * those with the higher id stay, because Transformers sorts rising and drops from the bottom.
 */
type TopPRule = "strict" | "at_least";

/**
 * top_p, nucleus sampling: the most probable tokens that hold top_p of the probability, always the first. Holtzman
 * et al., "The curious case of neural text degeneration", 2019; at_least is Transformers' TopPLogitsWarper.
 */
export function topP(dist: Dist, share: number, rule: TopPRule): Dist {
  const { probs } = dist;
  if (share >= 1) return dist;
  let sum = 0;
  let count = 0;
  let last = 0;
  walkDescending(probs, (id, index) => {
    const ends = index > 0 && (rule === "strict" ? sum + probs[id]! > share : sum >= share);
    if (ends) return true;
    sum += probs[id]!;
    last = id;
    count++;
    return false;
  });
  const edge = probs[last]!;
  const tied = keepAtLeast(dist, probs, edge);
  if (tied.kept === count) return tied;
  const [lowest, highest] = rule === "strict" ? [0, last] : [lowestTied(probs, edge, count), probs.length];
  return keepOnly(dist, (id) => probs[id]! > edge || (probs[id] === edge && id >= lowest && id <= highest));
}

/** With `count` tokens to keep, the lowest id among those equal to `edge` where higher ids are kept first. */
function lowestTied(probs: Float64Array, edge: number, count: number): number {
  let tied = count;
  for (let id = 0; id < probs.length; id++) if (probs[id]! > edge) tied--;
  let id = probs.length;
  while (tied > 0) if (probs[--id] === edge) tied--;
  return id;
}

/** The least top_p that keeps each of the tokens; 1 (off) where only that does. */
export function findLeastTopP({ logits, probs }: Dist, ids: Int32Array, rule: TopPRule): Float64Array {
  const order = idsAtLeast(probs, ids.reduce((least, id) => Math.min(least, probs[id]!), 1))
    .filter((id) => logits[id]! > -Infinity);
  if (rule === "at_least") reverseTies(probs, order);
  const reached = new Float64Array(logits.length); // the sum with the token (strict) or before it (at_least)
  let sum = 0;
  for (let at = 0; at < order.length; at++) {
    const id = order[at]!;
    reached[id] = rule === "strict" ? sum + probs[id]! : sum;
    sum += probs[id]!;
  }
  return Float64Array.from(ids, (id) => Math.min(1, rule === "strict" ? reached[id]! : nextUp(reached[id]!)));
}

function reverseTies(probs: Float64Array, order: Int32Array): void {
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && probs[order[end]!] === probs[order[start]!]) end++;
    order.subarray(start, end).reverse();
    start = end;
  }
}
