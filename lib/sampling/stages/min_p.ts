import { nextDown, settle } from "../adjacent.ts";
import { keepAtLeast } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/**
 * min_p: keeps tokens with p >= min_p * largest p. Nguyen et al., "Turning up the heat: min-p sampling", 2024;
 * Transformers' MinPLogitsWarper.
 */
export function minP(dist: Dist, share: number): Dist {
  return keepAtLeast(dist, dist.probs, Math.min(1, share) * dist.probs[argmax(dist.logits)]!);
}

/** The largest min_p that keeps each of the tokens. */
export function findLargestMinP({ logits, probs }: Dist, ids: Int32Array): Float64Array {
  const most = probs[argmax(logits)]!;
  return Float64Array.from(
    ids,
    (id) => settle(probs[id]! / most, nextDown, (share) => probs[id]! >= share * most),
  );
}
