import { nextDown, settle } from "../adjacent.ts";
import type { Dist } from "../dist.ts";
import { epsilon } from "./epsilon.ts";

/**
 * eta_cutoff: keeps tokens with p >= min(eta, sqrt(eta) * exp(-H)), H the entropy in nats, always those with the
 * largest logit. Hewitt et al., "Truncation sampling as language model desmoothing", 2022; Transformers'
 * EtaLogitsWarper.
 */
export function eta(dist: Dist, cutoff: number): Dist {
  return epsilon(dist, edgeOf(cutoff, flatnessOf(dist)));
}

/** The largest cutoff that keeps each of the tokens. */
export function findLargestEta(dist: Dist, ids: Int32Array): Float64Array {
  const flat = flatnessOf(dist);
  return Float64Array.from(ids, (id) => {
    const p = dist.probs[id]!;
    return settle(Math.max(p, (p / flat) ** 2), nextDown, (cutoff) => p >= edgeOf(cutoff, flat));
  });
}

function edgeOf(cutoff: number, flat: number): number {
  return Math.min(cutoff, Math.sqrt(cutoff) * flat);
}

/** exp(-H): the probability of each of as many equal tokens as the entropy stands for. */
function flatnessOf(dist: Dist): number {
  return 2 ** -dist.entropyBits;
}
