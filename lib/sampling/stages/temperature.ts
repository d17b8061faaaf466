import { type Dist, distOfGiven, distOfOwned } from "../dist.ts";

/** Below this, dividing large logits could overflow; such a temperature is one-hot anyway. */
const LEAST_TEMPERATURE = 1e-30;

/** temperature: s' = s / temperature, temperature > 0. Transformers' TemperatureLogitsWarper. */
export function temperature(dist: Dist, value: number): Dist {
  if (value === 1) return dist;
  const divisor = Math.max(value, LEAST_TEMPERATURE);
  if (dist.given?.divisor === 1) return distOfGiven({ ...dist.given, divisor }, dist.kept);
  return distOfOwned(dist.logits.map((logit) => logit / divisor));
}
