import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/** frequency_penalty: s' = s - penalty * count. OpenAI's API reference, "Parameter details". */
export function frequency(dist: Dist, counts: ReadonlyMap<number, number>, penalty: number): Dist {
  return withLogits(dist, counts.keys(), (logit, id) => logit - penalty * counts.get(id)!);
}
