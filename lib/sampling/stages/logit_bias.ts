import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/**
 * logit_bias: s' = s + bias of the token. OpenAI's `logit_bias`; Transformers' SequenceBiasLogitsProcessor with
 * sequences of one token. A removed token stays removed.
 */
export function logitBias(dist: Dist, bias: ReadonlyMap<number, number>): Dist {
  return withLogits(dist, bias.keys(), (logit, id) => logit + bias.get(id)!);
}
