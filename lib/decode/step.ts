// The job behind POST /api/step: the distribution, one drawn token or the forced ones, and why it ends. The whole
// state is in the request, so any step can be asked again and gives the same.
import type { Token } from "../wire/token.ts";
import { checkDescribed, countDescribedBySteps } from "../wire/answer_size.ts";
import type { StepInput, StepResult, StopReason } from "../wire/step.ts";
import { append, type Progress } from "./append.ts";
import { fitConstraint } from "./constraint_fit.ts";
import { checkLength, type Context, contextOf } from "./context.ts";
import { describe, type Distribution, distributionAfter, type Path } from "./distribution.ts";
import { encodeForced, type Forced } from "./forced.ts";
import { modelFactsOf } from "./inspect.ts";
import { muOf } from "./preview.ts";
import { checkSettings, warningsOfSettings } from "./settings.ts";
import { stopReasonOf } from "./stop.ts";
import { addCosts, timingOf } from "./timing.ts";
import type { LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** Computes the answer; `randomU` in [0, 1) is drawn with where the request gives neither `u` nor a seed.
 *
 * Throws faults: what contextOf, checkSettings, encodeForced and fitConstraint throw; context_too_long for what is
 * forced. */
export async function* step(
  input: StepInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<StepResult> {
  const { prompt_ids: _, ...result } = yield* takeFirstStep(input, model, signal, randomU);
  return result;
}

/** As `step`, and the ids that the prompt was read as. */
export async function* takeFirstStep(
  input: StepInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<StepResult & { readonly prompt_ids: readonly number[] }> {
  checkSettings(input, model);
  const forced = yield* waitFor(encodeForced(input, model, signal));
  const { vocabSize } = model;
  checkDescribed(countDescribedBySteps(1, forced?.ids.length ?? 1, input, vocabSize), input.top_k, vocabSize);
  const context = yield* waitFor(contextOf(input, model, signal));
  if (forced !== null) {
    checkLength(
      [...context.ids, ...forced.ids],
      model,
      forced.by === "text" ? "force_text" : "force_token_id",
    );
  }
  const reason = yield* endOf(input, context, forced, model, signal);
  const result = reason !== null ? yield* withNothing(input, context, reason, model, signal) : yield* finish(
    input,
    context,
    yield* append(input, context, forced, randomU, model, signal),
    model,
    signal,
  );
  return { ...result, prompt_ids: context.ids.slice(0, context.promptLength) };
}

/** Why nothing can be appended; null: something can. Throws invalid_request where the completion, or what is forced,
 * leaves the constraint: before anything is computed. */
async function* endOf(
  { constraint }: StepInput,
  { ids, promptLength }: Context,
  forced: Forced | null,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<StopReason | null> {
  const completion = ids.slice(promptLength);
  const position = yield* waitFor(fitConstraint(constraint, { completion }, model, signal));
  if (position?.over) return "constraint_end";
  if (forced !== null) yield* waitFor(fitConstraint(constraint, { completion, forced }, model, signal));
  return ids.length >= model.contextLength ? "context_full" : null;
}

async function* finish(
  input: StepInput,
  context: Context,
  { path, metas, mu, cost, begun }: Progress,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<StepResult> {
  const appended = model.codec.tokensOf(path.ids, context.ids.length);
  const next = yield* nextOf(input, path, mu, begun, model, signal);
  const completion = path.ids.slice(context.promptLength);
  const position = next?.constraint ??
    (yield* waitFor(fitConstraint(input.constraint, { completion }, model, signal)));
  const stop_reason = stopReasonOf(
    {
      ...path,
      count: appended.length,
      stopSequences: input.params.stop_sequences,
      mustEnd: position?.mustEnd ?? false,
    },
    model,
  );
  if (metas[0]!.draw !== null && next !== null && stop_reason === null) {
    const announced = input.goes_on;
    model.drawAhead?.begin(path.ids, next.run.final, { seed: input.params.seed, announced });
  }
  return {
    model: modelFactsOf(model),
    dist: metas[0]!.dist,
    selected: { ...appended[0]!, p_final: metas[0]!.p_final },
    appended,
    appended_meta: metas,
    new_completion_ids: completion,
    done: stop_reason !== null,
    stop_reason,
    next: next === null || position?.over ? null : describe(next, input, model),
    mirostat_mu: mu,
    warnings: [...context.warnings, ...warningsOfSettings(input, model)],
    timing: timingOf(next === null ? cost : addCosts(cost, next)),
  };
}

/** The distribution of the position after, whose logits are on their way where it is asked for. */
async function* nextOf(
  input: StepInput,
  path: Path,
  mu: number | null,
  begun: Progress["begun"],
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Distribution | null> {
  if (begun === null) return null;
  const params = mu === null ? input.params : { ...input.params, mirostat_mu: mu };
  const position = { ...path, params, constraint: input.constraint, u: null, begun };
  return yield* distributionAfter(position, model, signal);
}

/** The answer where nothing can be appended: the distribution, and nothing drawn from it. */
async function* withNothing(
  input: StepInput,
  context: Context,
  reason: StopReason,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<StepResult> {
  const { params, constraint } = input;
  const answer = yield* distributionAfter({ ...context, params, constraint, u: null }, model, signal);
  const dist = describe(answer, input, model);
  const none: readonly Token[] = [];
  return {
    model: modelFactsOf(model),
    dist,
    selected: null,
    appended: none,
    appended_meta: [],
    new_completion_ids: input.completion_ids,
    done: true,
    stop_reason: reason,
    next: input.include.includes("next") && reason !== "constraint_end" ? dist : null,
    mirostat_mu: muOf(input.params),
    warnings: [...context.warnings, ...warningsOfSettings(input, model)],
    timing: timingOf(answer),
  };
}
