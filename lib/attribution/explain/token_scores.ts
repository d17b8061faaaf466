// The methods that give every token of the context a score.
import { formatAmount } from "../../basics/number_text.ts";
import type { TokenMethod } from "../../wire/attribution_methods.ts";
import {
  attentionRollout,
  type AttentionRows,
  attentionRows,
  attentionScores,
} from "../methods/attention.ts";
import { countOcclusionTokens, occlusion } from "../methods/occlusion.ts";
import { completenessError } from "../faithfulness/agreement.ts";
import { CONVERGING, inputTimesGradient, integratedGradients, saliency } from "../gradient/methods.ts";
import { type AttributionTask, type TokenFindings, TRUSTED_ERROR } from "./task.ts";
import { type Cost, costOfGradients, costOfTaps, countWork, type Sessions, type Steering } from "./work.ts";

/** Scores, and what is said beside them. */
export interface Scored extends TokenFindings {
  readonly rows: AttentionRows | null;
  readonly warnings: readonly string[];
}

interface Method {
  /** What it reads, of a rule that converges the most it may take. */
  readonly cost: (task: AttributionTask) => Cost;
  readonly score: (task: AttributionTask, sessions: Sessions, steering: Steering) => Promise<Scored>;
}

/** How each method that scores tokens does it. */
export const TOKEN_METHODS: Readonly<Record<TokenMethod, Method>> = {
  occlusion: {
    cost: (task) =>
      costOfTaps(countOcclusionTokens(countRead(task), task.occlusion) * task.target.ids.length),
    score: async (task, sessions, steering) => {
      const scores = await occlusion(await sessions.taps(), task, task.occlusion, shareSteering(steering));
      return createScored(scores, { signed: true });
    },
  },
  attention: {
    cost: (task) => costOfTaps(countRead(task) * task.target.ids.length),
    score: async (task, sessions, steering) => {
      const rows = await attentionRows(await sessions.taps(), task, shareSteering(steering));
      const choice = { layer: task.layer ?? undefined, head: task.head ?? undefined };
      return createScored(attentionScores(rows, choice), { rows });
    },
  },
  attention_rollout: {
    cost: ({ context: { length } }) => costOfTaps(length),
    score: async (task, sessions, { signal }) =>
      createScored(await attentionRollout(await sessions.taps(), task, { signal })),
  },
  saliency: {
    cost: (task) => costOfGradients(countRead(task)),
    score: async (task, sessions, { signal }) => {
      const { scores, value } = await saliency(await sessions.gradients(), task, { signal });
      return split(task, scores, { value });
    },
  },
  input_x_gradient: {
    cost: (task) => costOfGradients(countRead(task)),
    score: async (task, sessions, { signal }) => {
      const { signed } = task;
      const found = await inputTimesGradient(await sessions.gradients(), task, { signed }, { signal });
      return split(task, found.scores, { signed, value: found.value });
    },
  },
  integrated_gradients: {
    cost: (task) => costOfGradients(countRead(task) * (pointsOf(task) + 2)),
    score: integrate,
  },
};

/** Tokens that the model reads for the last token of the target. */
function countRead({ context, target: { ids } }: AttributionTask): number {
  return context.length + ids.length - 1;
}

function pointsOf({ steps }: AttributionTask): number {
  if (steps !== "converging") return steps;
  return typeof CONVERGING === "number" ? CONVERGING : CONVERGING.budget;
}

async function integrate(
  task: AttributionTask,
  sessions: Sessions,
  steering: Steering,
): Promise<Scored> {
  const { signed } = task;
  const steps = task.steps === "converging" ? CONVERGING : task.steps;
  const found = await integratedGradients(
    await sessions.gradients(),
    task,
    { steps, signed },
    shareSteering(steering),
  );
  const { delta, value, valueAtBaseline, evaluations } = found;
  const difference = value - valueAtBaseline;
  const { relative: error } = completenessError([difference + delta], difference);
  const untrusted = error === null || error > TRUSTED_ERROR;
  const warnings = untrusted
    ? [
      `The scores add up to ${formatAmount(difference + delta)}, but the target changes by ` +
      `${formatAmount(difference)} between baseline and text: do not trust this picture.` +
      (steps === CONVERGING
        ? adviseOnZero(task)
        : ' steps "converging" places the points where the target moves.'),
    ]
    : [];
  return split(task, found.scores, {
    ...{ signed, value, warnings },
    completeness: { delta, error, evaluations },
  });
}

/** What is known of zero baselines: behind norms a target moves in every decade of the line, down to the smallest
 * numbers that there are. */
function adviseOnZero({ baseline }: AttributionTask): string {
  return baseline === "zero"
    ? " A token as baseline is easier: from zeros the target moves in every decade."
    : "";
}

function shareSteering(steering: Steering) {
  return { signal: steering.signal, progress: countWork(steering) };
}

function createScored(scores: readonly number[], more: Partial<Scored> = {}): Scored {
  return {
    ...{ scores, span: [], signed: false, value: null, completeness: null, rows: null, warnings: [] },
    ...more,
  };
}

/** Gradient methods score all that the model reads: the context, and of a span all but its last token. */
function split({ context }: AttributionTask, scores: readonly number[], more: Partial<Scored>): Scored {
  return createScored(scores.slice(0, context.length), { span: scores.slice(context.length), ...more });
}
