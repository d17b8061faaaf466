import { type Dist, distOwning } from "../dist.ts";

/** Below this, dividing large logits could overflow; such a temperature is one-hot anyway. */
const LEAST_TEMPERATURE = 1e-30;

/** temperature: s' = s / temperature, temperature > 0. Transformers' TemperatureLogitsWarper. */
export function temperature(dist: Dist, value: number): Dist {
  if (value === 1) return dist;
  const divisor = Math.max(value, LEAST_TEMPERATURE);
  const logits = new Float64Array(dist.logits.length);
  for (let id = 0; id < logits.length; id++) logits[id] = dist.logits[id]! / divisor;
  return distOwning(logits);
}
