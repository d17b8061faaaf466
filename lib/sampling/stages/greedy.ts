import { keepOnly } from "../adjust.ts";
import { argmax, type Dist } from "../dist.ts";

/** greedy: one-hot on the argmax, ties to the lowest id. */
export function greedy(dist: Dist): Dist {
  const best = argmax(dist.logits);
  return keepOnly(dist, (id) => id === best);
}
