import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/**
 * logit_bias: s' = s + bias of the token. OpenAI's `logit_bias`; Transformers' SequenceBiasLogitsProcessor with
 * sequences of one token. A removed token stays removed.
 */
export function logitBias(dist: Dist, bias: ReadonlyMap<number, number>): Dist {
  const changes = new Map<number, number>();
  for (const [id, added] of bias) changes.set(id, dist.logits[id]! + added);
  return withLogits(dist, changes);
}
