// What a task costs before it runs: tokens that the model reads, forwards and back. How long one takes is measured.
import { countRemovals, FRACTIONS } from "../faithfulness/orders.ts";
import { LENS_IDS } from "../methods/logit_lens.ts";
import { CONTESTANTS, taskOfContestant } from "./contestants.ts";
import type { AttributionTask } from "./task.ts";
import { TOKEN_METHODS } from "./token_scores.ts";
import { type Cost, costOfTaps } from "./work.ts";

/** How much longer a token takes forwards and back than forwards alone. */
const GRADIENT_WORK = 3;
const ORDERS = 8; // random orders that faithfulness compares with

/** The cost of a task; of a rule that converges the most it may take. */
export function costOfTask(task: AttributionTask): Cost {
  const own = costOfMethod(task);
  return task.faithfulness ? { ...own, taps: own.taps + countMeasuredTokens(task, 1) } : own;
}

/** How long a task takes, in a unit of its own: what shares of progress are made of. */
export function workOf(task: AttributionTask): number {
  const { taps, gradients } = costOfTask(task);
  return taps + GRADIENT_WORK * gradients;
}

/** The part of it that measures faithfulness; 0 where nothing is measured. */
export function countMeasuring(task: AttributionTask): number {
  if (task.method === "comparison") return countMeasuredTokens(task, CONTESTANTS.length);
  return task.faithfulness ? countMeasuredTokens(task, 1) : 0;
}

function costOfMethod(task: AttributionTask): Cost {
  const { context: { length }, method, remove, follow } = task;
  switch (method) {
    case "logit_lens":
      return costOfTaps(length * Math.ceil((follow.length + 2) / LENS_IDS));
    case "direct_logit":
      return costOfTaps(length * (remove.length > 0 ? 3 : 1));
    case "comparison": {
      const all = CONTESTANTS.map((contestant) => costOfMethod(taskOfContestant(task, contestant)));
      const sum = (of: keyof Cost) => all.reduce((total, cost) => total + cost[of], 0);
      return {
        taps: sum("taps") + countMeasuredTokens(task, CONTESTANTS.length),
        gradients: sum("gradients"),
      };
    }
    default:
      return TOKEN_METHODS[method].cost(task);
  }
}

/** Tokens of the texts without some of their tokens, behind what did not change: about two thirds of each. */
function countMeasuredTokens({ context: { length } }: AttributionTask, methods: number): number {
  const counts = countRemovals(length, FRACTIONS);
  return Math.round(counts.length * (2 * methods + ORDERS) * length * 0.6);
}
