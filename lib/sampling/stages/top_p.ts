import { keepOnly, keepProbable } from "../adjust.ts";
import { nextUp } from "../adjacent.ts";
import type { Dist } from "../dist.ts";
import { crossingOf } from "../crossing.ts";
import { isLeft, listIdsDownTo, probOf } from "../dist_forms.ts";

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
  if (share >= 1) return dist;
  const strict = rule === "strict";
  const crossing = crossingOf(dist, (sum) => strict ? sum > share : sum >= share);
  if (!crossing.passed) return dist;
  const { id, largest } = crossing;
  const edge = probOf(dist, id);
  const drops = strict && crossing.count > 1; // the token that crosses
  const count = drops ? crossing.count - 1 : crossing.count;
  if (!drops || edge < largest) {
    const some = keepProbable(dist, drops ? nextUp(edge) : edge);
    if (some.kept === count) return some;
  }
  const { probs } = dist;
  const [lowest, highest] = strict
    ? [0, drops ? id - 1 : id]
    : [findLowestTied(probs, edge, count), probs.length];
  return keepOnly(dist, (id) => probs[id]! > edge || (probs[id] === edge && id >= lowest && id <= highest));
}

/** With `count` tokens to keep, the lowest id among those equal to `edge` where higher ids are kept first. */
function findLowestTied(probs: Float64Array, edge: number, count: number): number {
  let tied = count;
  for (let id = 0; id < probs.length; id++) if (probs[id]! > edge) tied--;
  let id = probs.length;
  while (tied > 0) if (probs[--id] === edge) tied--;
  return id;
}

/** The least top_p that keeps each of the tokens; 1 (off) where only that does. */
export function findLeastTopP(dist: Dist, ids: Int32Array, rule: TopPRule): Float64Array {
  const order = listIdsDownTo(dist, ids.reduce((least, id) => Math.min(least, probOf(dist, id)), 1))
    .filter((id) => isLeft(dist, id));
  if (rule === "at_least") reverseTies(dist, order);
  const reached = new Map<number, number>(); // the sum with the token (strict) or before it (at_least)
  let sum = 0;
  for (let at = 0; at < order.length; at++) {
    const id = order[at]!;
    const p = probOf(dist, id);
    reached.set(id, rule === "strict" ? sum + p : sum);
    sum += p;
  }
  const leastOf = (id: number) => rule === "strict" ? reached.get(id)! : nextUp(reached.get(id)!);
  return Float64Array.from(ids, (id) => Math.min(1, leastOf(id)));
}

function reverseTies(dist: Dist, order: Int32Array): void {
  for (let start = 0; start < order.length;) {
    const p = probOf(dist, order[start]!);
    let end = start + 1;
    while (end < order.length && probOf(dist, order[end]!) === p) end++;
    order.subarray(start, end).reverse();
    start = end;
  }
}
