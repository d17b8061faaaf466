// One task, from sessions to findings.
import { fault } from "../../fault.ts";
import type { Faithfulness } from "../../wire/attribution.ts";
import { methodRow, type TokenMethod } from "../../wire/attribution_methods.ts";
import { measureCurves } from "../faithfulness/curves.ts";
import { scoreCurves } from "../faithfulness/score.ts";
import { splitLogit } from "../methods/direct_logit.ts";
import { logitLens } from "../methods/logit_lens.ts";
import { measureWithout } from "../methods/occlusion.ts";
import { compare } from "./comparison.ts";
import { countMeasuring, workOf } from "./cost.ts";
import { faithfulnessOf, requireMeasurable } from "./faithfulness.ts";
import { compareWithRemoved } from "./removal.ts";
import type { AttributionTask, Findings } from "./task.ts";
import { TOKEN_METHODS } from "./token_scores.ts";
import { countWork, type Sessions, type Steering, steerPart } from "./work.ts";

const NOTHING: Findings = {
  ...{ tokens: null, normalized: false, scale: 1, heads: null, split: null, removal: null, lens: null },
  ...{ faithfulness: null, comparison: null, warnings: [] },
};

/** Does the task. Rejects with faults: `unsupported` and `invalid_request` for what the method or the model cannot do,
 * `inference_failed` where numbers overflow; with an AbortError where `signal` aborts. */
export async function explain(
  task: AttributionTask,
  sessions: Sessions,
  steering: Steering,
): Promise<Findings> {
  const { context, target, method } = task;
  const { signal } = steering;
  if (method === "comparison") {
    return { ...NOTHING, comparison: await compare(task, sessions, steering) };
  }
  if (method === "logit_lens") {
    const taps = await sessions.taps();
    return { ...NOTHING, lens: await logitLens(taps, { context, target }, { rivals: task.follow, signal }) };
  }
  if (method === "direct_logit") {
    const taps = await sessions.taps();
    const split = await splitLogit(taps, { context, target }, { signal });
    const { remove: removed } = task;
    const removal = removed.length === 0
      ? null
      : { removed, tokens: await compareWithRemoved(taps, task, signal) };
    const warnings = split.softcap
      ? ["The model bends its logits with a soft-cap: the parts add up to the logit before it."]
      : [];
    return { ...NOTHING, split, removal, warnings };
  }
  return await scoreTokens(method, task, sessions, steering);
}

async function scoreTokens(
  method: TokenMethod,
  task: AttributionTask,
  sessions: Sessions,
  steering: Steering,
): Promise<Findings> {
  const measuringFrom = 1 - countMeasuring(task) / workOf(task);
  const { warning } = methodRow(method);
  const { rows, warnings, ...found } = await TOKEN_METHODS[method].score(
    task,
    sessions,
    steerPart(steering, 0, measuringFrom),
  );
  const faithfulness = task.faithfulness
    ? await measureFaithfulness(task, found.scores, sessions, steerPart(steering, measuringFrom, 1))
    : null;
  const scale = task.normalize ? sizeOf([...found.scores, ...found.span]) : 1;
  const divided = (scores: readonly number[]) => scores.map((score) => score / scale);
  return {
    ...NOTHING,
    tokens: { ...found, scores: divided(found.scores), span: divided(found.span) },
    normalized: task.normalize,
    scale,
    heads: task.heads && rows !== null ? rows.map((heads) => heads.map((row) => [...row])) : null,
    faithfulness,
    warnings: warning === undefined ? warnings : [warning, ...warnings],
  };
}

/** The sum of the scores' sizes. Throws where it is 0: there is nothing to divide by. */
function sizeOf(scores: readonly number[]): number {
  const size = scores.reduce((sum, score) => sum + Math.abs(score), 0);
  if (size > 0) return size;
  throw fault(
    "inference_failed",
    "All scores are 0 in single precision: the target is too improbable here. Ask with quantity logprob.",
  );
}

async function measureFaithfulness(
  task: AttributionTask,
  scores: readonly number[],
  sessions: Sessions,
  steering: Steering,
): Promise<Faithfulness> {
  const token = requireMeasurable(task);
  const without = measureWithout(await sessions.taps(), task.context, token, countWork(steering));
  const [curves] = await measureCurves([scores], without, { signal: steering.signal });
  return faithfulnessOf(curves!, scoreCurves(curves!, token.rival !== null));
}
