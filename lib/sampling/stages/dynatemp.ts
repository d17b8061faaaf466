import type { Dist } from "../dist.ts";
import { greedy } from "./greedy.ts";
import { temperature } from "./temperature.ts";

/**
 * Dynamic temperature: s' = s / T, T = lo + (hi - lo) * (H / ln V) ^ exponent, lo = max(0, value - range),
 * hi = value + range, H the entropy in nats, V the whole vocabulary. T of 0: the argmax alone. llama.cpp's
 * llama_sampler_temp_ext (which takes for V the tokens that earlier samplers left in its list).
 */
export function dynatemp(
  dist: Dist,
  value: number,
  range: number,
  exponent: number,
  vocabulary: number,
): Dist {
  if (vocabulary < 2) return dist;
  const low = Math.max(0, value - range);
  const share = dist.entropyBits / Math.log2(vocabulary);
  const dynamic = low + (value + range - low) * share ** exponent;
  return dynamic > 0 ? temperature(dist, dynamic) : greedy(dist);
}
