// What really happens to the next token when parts are removed, beside what the split predicts.
import { logprobsUnder } from "../../sampling/score.ts";
import { topIds } from "../../sampling/order.ts";
import { type Removal, removeParts } from "../methods/direct_logit.ts";
import { requireFinite } from "../methods/target_value.ts";
import type { TapSession } from "../taps/tap_session.ts";
import type { AttributionTask, RemovedToken } from "./task.ts";

const SHOWN = 12; // the best tokens of each of the three distributions

/** The tokens that matter before or after: the best of each distribution, the target and its rival, by the probability
 * before. */
export async function compareWithRemoved(
  taps: TapSession,
  { context, target, remove, everywhere }: AttributionTask,
  signal: AbortSignal,
): Promise<RemovedToken[]> {
  const removal = await removeParts(taps, context, remove, { everywhere, signal });
  const kinds = ["before", "predicted", "after"] as const satisfies readonly (keyof Removal)[];
  const logprobs = kinds.map((kind) => logprobsUnder(removal[kind]));
  const rival = target.rival === null ? [] : [target.rival];
  const ids = new Set([
    ...target.ids,
    ...rival,
    ...kinds.flatMap((kind) => [...topIds(removal[kind], SHOWN)]),
  ]);
  const weighed = (id: number, at: number) => ({
    logit: requireFinite(removal[kinds[at]!][id]!),
    prob: Math.exp(requireFinite(logprobs[at]!(id))),
  });
  return [...ids]
    .map((id) => ({ id, before: weighed(id, 0), predicted: weighed(id, 1), after: weighed(id, 2) }))
    .sort((a, b) => b.before.logit - a.before.logit || a.id - b.id);
}
