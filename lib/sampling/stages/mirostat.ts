import { keepOnly } from "../adjust.ts";
import { argmax, type Dist, surprisesOf } from "../dist.ts";

/**
 * Mirostat 2, the cut: removes tokens whose surprise -log2 p is above mu, always keeps the first. Basu et al.,
 * "Mirostat: a neural text decoding algorithm that directly controls perplexity", 2020; llama.cpp's
 * llama_sampler_mirostat_v2.
 */
export function mirostat(dist: Dist, mu: number): Dist {
  const best = argmax(dist.logits);
  const surprise = surprisesOf(dist);
  return keepOnly(dist, (id) => surprise(id) / Math.LN2 <= mu || id === best);
}

/** The mu that the cut uses. */
export function mirostatMu(
  params: { readonly mirostat_mu: number | null; readonly mirostat_tau: number },
): number {
  return params.mirostat_mu ?? 2 * params.mirostat_tau;
}

/** The least mu that keeps each of the tokens: its surprise. */
export function findLeastMu(dist: Dist, ids: Int32Array): Float64Array {
  const surprise = surprisesOf(dist);
  return Float64Array.from(ids, (id) => surprise(id) / Math.LN2);
}

/**
 * Mirostat 2, the state: mu' = mu - eta * (-log2 p - tau), p the probability of the drawn token among those kept
 * (scaled to 1). The first mu is 2 * tau.
 */
export function mirostatNextMu(mu: number, tau: number, eta: number, p: number): number {
  return mu - eta * (-Math.log2(p) - tau);
}
