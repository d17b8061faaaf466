// The quantity that is explained, read from the model's logits.
import { fault } from "../../fault.ts";
import type { Tensor } from "../../ort/types.ts";
import { OUTPUTS } from "../taps/tap_graph.ts";
import type { Target } from "../types.ts";

/** The ids whose logits the value of one step needs. */
export function scoredIdsOf(id: number, { rival }: Target): number[] {
  return rival === null ? [id] : [id, rival];
}

/** The outputs that {@link targetValues} reads. */
export const VALUE_OUTPUTS = [OUTPUTS.scores, OUTPUTS.logsumexp];

/** The target's value for every row of a batch: log-probability, logit, probability, or the difference of two
 * logits. */
export function targetValues(results: Readonly<Record<string, Tensor>>, target: Target): number[] {
  const scores = results[OUTPUTS.scores]!;
  const sums = results[OUTPUTS.logsumexp]!;
  const width = scores.dims.at(-1)!;
  return Array.from({ length: scores.dims[0]! }, (_, row) => {
    const logit = Number(scores.data[row * width]);
    if (target.rival !== null) return requireFinite(logit - Number(scores.data[row * width + 1]));
    if (target.quantity === "logit") return requireFinite(logit);
    const logprob = requireFinite(logit - Number(sums.data[row]));
    return target.quantity === "prob" ? Math.exp(logprob) : logprob;
  });
}

/** Throws an `inference_failed` fault for what is no finite number: it must never be drawn. */
export function requireFinite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw fault(
    "inference_failed",
    "The model's numbers overflowed: this text has no attribution with this method.",
  );
}
