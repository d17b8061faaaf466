import { nextUp, settle } from "../adjacent.ts";
import { keepOnly } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/**
 * top_n_sigma: keeps logits s >= max - n * sigma, sigma the population standard deviation of the logits left. Tang
 * et al., "Top-n-sigma: not all logits are you need", 2024; llama.cpp's llama_sampler_top_n_sigma.
 */
export function topNSigma(dist: Dist, n: number): Dist {
  const { max, sigma } = spread(dist);
  const { logits } = dist;
  return keepOnly(dist, (id) => max - logits[id]! <= n * sigma);
}

/** The least n that keeps each of the tokens. */
export function findLeastTopNSigma(dist: Dist, ids: Int32Array): Float64Array {
  const { max, sigma } = spread(dist);
  return Float64Array.from(ids, (id) => {
    const below = max - dist.logits[id]!;
    return settle(below / sigma, nextUp, (n) => below <= n * sigma);
  });
}

function spread({ logits, kept }: Dist): { max: number; sigma: number } {
  const max = logits[argmax(logits)]!;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > -Infinity) sum += logits[id]!;
  const mean = sum / kept;
  let squares = 0;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! > -Infinity) squares += (logits[id]! - mean) ** 2;
  }
  return { max, sigma: Math.sqrt(squares / kept) };
}
