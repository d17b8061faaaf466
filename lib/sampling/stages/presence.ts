import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/** presence_penalty: s' = s - penalty for tokens that occur. OpenAI's API reference, "Parameter details". */
export function presence(dist: Dist, counts: ReadonlyMap<number, number>, penalty: number): Dist {
  return withLogits(dist, counts.keys(), (logit) => logit - penalty);
}
