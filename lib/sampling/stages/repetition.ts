import { withLogits } from "../adjust.ts";
import type { Dist } from "../dist.ts";

/**
 * repetition_penalty: tokens that occur get s' = s < 0 ? s * penalty : s / penalty, once however often they occur.
 * 1 is off, below 1 rewards; penalty > 0. Keskar et al., "CTRL", 2019; Transformers'
 * RepetitionPenaltyLogitsProcessor.
 */
export function repetition(dist: Dist, occurring: Iterable<number>, penalty: number): Dist {
  return withLogits(dist, occurring, (logit) => logit < 0 ? logit * penalty : logit / penalty);
}
