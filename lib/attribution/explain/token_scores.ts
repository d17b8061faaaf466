// The methods that give every token of the context a score.
import { amount } from "../../basics/number_text.ts";
import {
  attentionRollout,
  type AttentionRows,
  attentionRows,
  attentionScores,
  ROLLOUT_WARNING,
} from "../methods/attention.ts";
import { occlusion } from "../methods/occlusion.ts";
import { completenessError } from "../faithfulness/agreement.ts";
import { CONVERGING, inputTimesGradient, integratedGradients, saliency } from "../gradient/methods.ts";
import { type AttributionTask, type TokenFindings, TRUSTED_ERROR } from "./task.ts";
import { countWork, type Sessions, type Steering } from "./work.ts";

/** Scores, and what is said beside them. */
export interface Scored extends TokenFindings {
  readonly rows: AttentionRows | null;
  readonly warnings: readonly string[];
}

type Method = (task: AttributionTask, sessions: Sessions, steering: Steering) => Promise<Scored>;

/** The token scores of the task's method; null for methods that score no tokens. */
export const TOKEN_METHODS: Readonly<Partial<Record<AttributionTask["method"], Method>>> = {
  attention: async (task, sessions, steering) => {
    const rows = await attentionRows(await sessions.taps(), task, shares(steering));
    const choice = { layer: task.layer ?? undefined, head: task.head ?? undefined };
    return plain(attentionScores(rows, choice), { rows });
  },
  attention_rollout: async (task, sessions, { signal }) => {
    const scores = await attentionRollout(await sessions.taps(), task, { signal });
    return plain(scores, { warnings: [ROLLOUT_WARNING] });
  },
  occlusion: async (task, sessions, steering) => {
    const scores = await occlusion(await sessions.taps(), task, task.occlusion, shares(steering));
    return plain(scores, { signed: true });
  },
  saliency: async (task, sessions, { signal }) => {
    const { scores, value } = await saliency(await sessions.gradients(), task, { signal });
    return split(task, scores, { value });
  },
  input_x_gradient: async (task, sessions, { signal }) => {
    const { signed } = task;
    const found = await inputTimesGradient(await sessions.gradients(), task, { signed }, { signal });
    return split(task, found.scores, { signed, value: found.value });
  },
  integrated_gradients: integrate,
};

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
    shares(steering),
  );
  const { delta, value, valueAtBaseline, evaluations } = found;
  const difference = value - valueAtBaseline;
  const { relative: error } = completenessError([difference + delta], difference);
  const untrusted = error === null || error > TRUSTED_ERROR;
  const warnings = untrusted
    ? [
      `The scores add up to ${amount(difference + delta)}, but the target changes by ` +
      `${amount(difference)} between baseline and text: do not trust this picture.` +
      (steps === CONVERGING
        ? zeroAdvice(task)
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
function zeroAdvice({ baseline }: AttributionTask): string {
  return baseline === "zero"
    ? " A token as baseline is easier: from zeros the target moves in every decade."
    : "";
}

function shares(steering: Steering) {
  return { signal: steering.signal, progress: countWork(steering) };
}

function plain(scores: readonly number[], more: Partial<Scored> = {}): Scored {
  return {
    ...{ scores, span: [], signed: false, value: null, completeness: null, rows: null, warnings: [] },
    ...more,
  };
}

/** Gradient methods score all that the model reads: the context, and of a span all but its last token. */
function split({ context }: AttributionTask, scores: readonly number[], more: Partial<Scored>): Scored {
  return plain(scores.slice(0, context.length), { span: scores.slice(context.length), ...more });
}
