import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/** frequency_penalty: s' = s - penalty * count. OpenAI's API reference, "Parameter details". */
export function frequency(dist: Dist, counts: ReadonlyMap<number, number>, penalty: number): Dist {
  const changes = new Map<number, number>();
  for (const [id, count] of counts) changes.set(id, dist.logits[id]! - penalty * count);
  return withLogits(dist, changes);
}
