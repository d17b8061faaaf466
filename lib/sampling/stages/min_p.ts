import { nextDown, settle } from "../adjacent.ts";
import { keepOnly } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/**
 * min_p: keeps tokens with p >= min_p * largest p. Nguyen et al., "Turning up the heat: min-p sampling", 2024;
 * Transformers' MinPLogitsWarper.
 */
export function minP({ probs, ...rest }: Dist, share: number): Dist {
  const best = argmax(rest.logits);
  const edge = share * probs[best]!;
  return keepOnly({ probs, ...rest }, (id) => probs[id]! >= edge || id === best);
}

/** The largest min_p that keeps each of the tokens. */
export function minPNeeds({ logits, probs }: Dist, ids: Int32Array): Float64Array {
  const most = probs[argmax(logits)]!;
  return Float64Array.from(
    ids,
    (id) => settle(probs[id]! / most, nextDown, (share) => probs[id]! >= share * most),
  );
}
