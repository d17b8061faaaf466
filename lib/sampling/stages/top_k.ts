import { keepAtLeast } from "../adjust.ts";
import type { Dist } from "../dist.ts";
import { listIdsAtLeast, topIds } from "../order.ts";

/**
 * top_k: keeps the k largest logits and all that equal the k-th, so more than k may stay. Fan et al.,
 * "Hierarchical neural story generation", 2018; Transformers' TopKLogitsWarper.
 */
export function topK(dist: Dist, k: number): Dist {
  const { logits } = dist;
  if (k >= logits.length) return dist;
  const edge = logits[topIds(logits, Math.max(1, k)).at(-1)!]!;
  return keepAtLeast(dist, logits, edge);
}

/** The least k that keeps each of the tokens: the number of strictly greater logits, and one. */
export function findLeastTopK({ logits }: Dist, ids: Int32Array): Float64Array {
  const order = listIdsAtLeast(logits, ids.reduce((least, id) => Math.min(least, logits[id]!), Infinity));
  const least = new Float64Array(logits.length);
  for (let at = 0; at < order.length; at++) {
    const tied = at > 0 && logits[order[at]!] === logits[order[at - 1]!];
    least[order[at]!] = tied ? least[order[at - 1]!]! : at + 1;
  }
  return Float64Array.from(ids, (id) => least[id]!);
}
