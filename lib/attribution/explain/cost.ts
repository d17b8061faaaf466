// What a task costs before it runs: tokens that the model reads, forwards and back. How long one takes is measured.
import { FRACTIONS, removalCounts } from "../faithfulness/orders.ts";
import { LENS_IDS } from "../methods/logit_lens.ts";
import { occlusionTokens } from "../methods/occlusion.ts";
import { CONVERGING } from "../gradient/methods.ts";
import { CONTESTANTS, contestantTask } from "./contestants.ts";
import type { AttributionTask } from "./task.ts";

/** Tokens that are read by the graph with taps, and points times tokens of the gradient graph. */
export interface Cost {
  readonly taps: number;
  readonly gradients: number;
}

/** How much longer a token takes forwards and back than forwards alone. */
const GRADIENT_WORK = 3;
const ORDERS = 8; // random orders that faithfulness compares with

/** The cost of a task; of a rule that converges the most it may take. */
export function taskCost(task: AttributionTask): Cost {
  const own = methodCost(task);
  return task.faithfulness ? { ...own, taps: own.taps + countMeasuredTokens(task, 1) } : own;
}

/** How long a task takes, in a unit of its own: what shares of progress are made of. */
export function workOf(task: AttributionTask): number {
  const { taps, gradients } = taskCost(task);
  return taps + GRADIENT_WORK * gradients;
}

/** The part of it that measures faithfulness; 0 where nothing is measured. */
export function countMeasuring(task: AttributionTask): number {
  if (task.method === "comparison") return countMeasuredTokens(task, CONTESTANTS.length);
  return task.faithfulness ? countMeasuredTokens(task, 1) : 0;
}

function methodCost(task: AttributionTask): Cost {
  const { context: { length }, target: { ids }, method, steps, remove, follow } = task;
  const read = length + ids.length - 1;
  switch (method) {
    case "attention":
      return taps(read * ids.length);
    case "attention_rollout":
      return taps(length);
    case "logit_lens":
      return taps(length * Math.ceil((follow.length + 2) / LENS_IDS));
    case "direct_logit":
      return taps(length * (remove.length > 0 ? 3 : 1));
    case "occlusion":
      return taps(occlusionTokens(read, task.occlusion) * ids.length);
    case "saliency":
    case "input_x_gradient":
      return gradients(read);
    case "integrated_gradients":
      return gradients(read * (pointsOf(steps) + 2));
    case "comparison": {
      const all = CONTESTANTS.map((contestant) => methodCost(contestantTask(task, contestant)));
      const sum = (of: keyof Cost) => all.reduce((total, cost) => total + cost[of], 0);
      return {
        taps: sum("taps") + countMeasuredTokens(task, CONTESTANTS.length),
        gradients: sum("gradients"),
      };
    }
  }
}

function pointsOf(steps: AttributionTask["steps"]): number {
  if (steps !== "converging") return steps;
  return typeof CONVERGING === "number" ? CONVERGING : CONVERGING.budget;
}

/** Tokens of the texts without some of their tokens, behind what did not change: about two thirds of each. */
function countMeasuredTokens({ context: { length } }: AttributionTask, methods: number): number {
  const counts = removalCounts(length, FRACTIONS);
  return Math.round(counts.length * (2 * methods + ORDERS) * length * 0.6);
}

function taps(tokens: number): Cost {
  return { taps: tokens, gradients: 0 };
}

function gradients(tokens: number): Cost {
  return { taps: 0, gradients: tokens };
}
