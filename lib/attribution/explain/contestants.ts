// The ways to score tokens that are compared with each other.
import type { ComparedMethod } from "../../wire/attribution.ts";
import type { TokenMethod } from "../../wire/attribution_methods.ts";
import type { AttributionTask } from "./task.ts";

/** One way to score tokens: a name, and the fields of a task that make it. */
export interface Contestant {
  readonly label: string;
  readonly method: TokenMethod;
  readonly options: ComparedMethod["options"];
}

const STEPS = 20;

/** Gradients first: where memory is short their graph is closed before the other one opens. */
export const CONTESTANTS: readonly Contestant[] = [
  { label: "saliency, L2", method: "saliency", options: { signed: false } },
  { label: "input × gradient, L2", method: "input_x_gradient", options: { signed: false } },
  { label: "input × gradient, signed", method: "input_x_gradient", options: { signed: true } },
  {
    label: `integrated gradients, ${STEPS} steps, L2`,
    method: "integrated_gradients",
    options: { signed: false, steps: STEPS },
  },
  {
    label: `integrated gradients, ${STEPS} steps, signed`,
    method: "integrated_gradients",
    options: { signed: true, steps: STEPS },
  },
  { label: "attention, mean", method: "attention", options: { layer: null } },
  { label: "attention, last layer", method: "attention", options: { layer: -1 } },
  { label: "attention rollout", method: "attention_rollout", options: {} },
  { label: "occlusion, zero embedding", method: "occlusion", options: { occlusion: "zero_embedding" } },
  { label: "occlusion, deleted token", method: "occlusion", options: { occlusion: "delete_token" } },
  { label: "occlusion, zero values", method: "occlusion", options: { occlusion: "zero_value" } },
];

/** The task of one contestant, about the log-probability of the same target. */
export function taskOfContestant(task: AttributionTask, { method, options }: Contestant): AttributionTask {
  const { layer = null, occlusion = task.occlusion, signed = false, steps = STEPS } = options;
  return {
    ...task,
    ...{
      method,
      layer,
      occlusion,
      signed,
      steps,
      head: null,
      heads: false,
      normalize: false,
      faithfulness: false,
    },
  };
}
