import { keepAtLeast } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/**
 * epsilon_cutoff: keeps tokens with p >= epsilon, always those with the largest logit. Hewitt et al., "Truncation
 * sampling as language model desmoothing", 2022; Transformers' EpsilonLogitsWarper.
 */
export function epsilon(dist: Dist, cutoff: number): Dist {
  return keepAtLeast(dist, dist.probs, Math.min(cutoff, dist.probs[argmax(dist.logits)]!));
}

/** The largest cutoff that keeps each of the tokens. */
export function findLargestEpsilon({ probs }: Dist, ids: Int32Array): Float64Array {
  return Float64Array.from(ids, (id) => probs[id]!);
}
