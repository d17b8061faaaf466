import { nextUp } from "../adjacent.ts";
import { keepOnly } from "../adjust.ts";
import type { Dist } from "../dist.ts";
import { listIdsAtLeast } from "../order.ts";

/**
 * XTC ("exclude top choices"): where u <= probability, of the tokens with p >= threshold all but the least likely
 * are removed. A threshold above 0.5 is off. p-e-w, text-generation-webui pull request 6335; llama.cpp's
 * llama_sampler_xtc. `minKeep`: nothing happens where fewer tokens of the vocabulary would stay.
 */
export function xtc(dist: Dist, probability: number, threshold: number, u: number, minKeep = 0): Dist {
  if (u > probability || threshold > 0.5) return dist;
  const { logits, probs } = dist;
  const above = listAboveThreshold(dist, threshold);
  const cut = above.length - 1;
  if (cut < 1 || logits.length - cut < minKeep) return dist;
  const edge = above[cut]!;
  return keepOnly(dist, (id) => probs[id]! < probs[edge]! || (probs[id] === probs[edge] && id >= edge));
}

/** The least threshold that keeps each of the removed tokens: just above the next less likely one. */
export function findLeastXtcThreshold(dist: Dist, ids: Int32Array, threshold: number): Float64Array {
  const above = listAboveThreshold(dist, threshold);
  const at = new Map(Array.from(above, (id, index) => [id, index]));
  return Float64Array.from(ids, (id) => nextUp(dist.probs[above[at.get(id)! + 1]!]!));
}

/** Tokens with p >= threshold, falling, ties by rising id. */
function listAboveThreshold({ logits, probs }: Dist, threshold: number): Int32Array {
  return listIdsAtLeast(probs, threshold).filter((id) => logits[id]! > -Infinity);
}
