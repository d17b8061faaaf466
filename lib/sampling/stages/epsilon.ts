import { keepProbable } from "../adjust.ts";
import { type Dist, probOf } from "../dist_forms.ts";

/**
 * epsilon_cutoff: keeps tokens with p >= epsilon, always those with the largest logit. Hewitt et al., "Truncation
 * sampling as language model desmoothing", 2022; Transformers' EpsilonLogitsWarper.
 */
export function epsilon(dist: Dist, cutoff: number): Dist {
  return keepProbable(dist, Math.min(cutoff, probOf(dist, dist.best[0]!)));
}

/** The largest cutoff that keeps each of the tokens. */
export function findLargestEpsilon(dist: Dist, ids: Int32Array): Float64Array {
  return Float64Array.from(ids, (id) => probOf(dist, id));
}
