import { keepOnly } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/**
 * epsilon_cutoff: keeps tokens with p >= epsilon, always those with the largest logit. Hewitt et al., "Truncation
 * sampling as language model desmoothing", 2022; Transformers' EpsilonLogitsWarper.
 */
export function epsilon(dist: Dist, cutoff: number): Dist {
  const { logits, probs } = dist;
  const max = logits[argmax(logits)]!;
  return keepOnly(dist, (id) => probs[id]! >= cutoff || logits[id] === max);
}

/** The largest cutoff that keeps each of the tokens. */
export function epsilonNeeds({ probs }: Dist, ids: Int32Array): Float64Array {
  return Float64Array.from(ids, (id) => probs[id]!);
}
