import { type Dist, distBelow } from "../dist.ts";

/** Below this, dividing large logits could overflow; such a temperature is one-hot anyway. */
const LEAST_TEMPERATURE = 1e-30;

/** temperature: s' = s / temperature, temperature > 0. Transformers' TemperatureLogitsWarper. */
export function temperature(dist: Dist, value: number): Dist {
  if (value === 1) return dist;
  const divisor = Math.max(value, LEAST_TEMPERATURE);
  const logits = new Float64Array(dist.logits.length);
  let max = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = dist.logits[id]! / divisor;
    logits[id] = logit;
    if (logit > max) max = logit;
  }
  return distBelow(logits, max);
}
