// The job behind POST /api/step: the distribution, one drawn token or the forced ones, and why it ends. The whole
// state is in the request, so any step can be asked again and gives the same.
import type { Token } from "../wire/token.ts";
import type { Draw, StepInput, StepMeta, StepResult } from "../wire/step.ts";
import { fault } from "../fault.ts";
import { draw, rankOf } from "../sampling/dist.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import { mirostatNextMu } from "../sampling/stages/mirostat.ts";
import { checkLength, type Context, contextOf } from "./context.ts";
import { describe, distributionAfter, type Path } from "./distribution.ts";
import { modelFacts } from "./inspect.ts";
import { waitFor } from "./waiting.ts";
import { presentMu } from "./preview.ts";
import { checkSettings, settingsWarnings } from "./settings.ts";
import { stopReasonOf } from "./stop.ts";
import { addCosts, NO_COST, timingOf } from "./timing.ts";
import type { Cost, LanguageModel, Sliced } from "./types.ts";

const LARGEST_U = 1 - 2 ** -53; // u counts up to 1 on the wire and is below it in a draw

interface Forced {
  readonly ids: readonly number[];
  readonly by: "token" | "text";
}

/** What a step has appended so far. */
interface Progress {
  readonly path: Path;
  readonly metas: readonly StepMeta[];
  readonly mu: number | null;
  readonly cost: Cost;
}

/** Computes the answer; `randomU` in [0, 1) is drawn with where the request gives neither `u` nor a seed.
 *
 * Throws faults: what contextOf and checkSettings throw; invalid_request for two kinds of force or a text without a
 * token; unknown_token and context_too_long for what is forced. */
export async function* step(
  input: StepInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<StepResult> {
  const { prompt_ids: _, ...result } = yield* firstStep(input, model, signal, randomU);
  return result;
}

/** As `step`, and the ids that the prompt was read as. */
export async function* firstStep(
  input: StepInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<StepResult & { readonly prompt_ids: readonly number[] }> {
  checkSettings(input, model);
  const forced = forcedIds(input, model);
  const context = yield* waitFor(contextOf(input, model, signal));
  if (forced !== null) {
    checkLength(
      [...context.ids, ...forced.ids],
      model,
      forced.by === "text" ? "force_text" : "force_token_id",
    );
  }
  const full = context.ids.length >= model.contextLength;
  const result = full ? yield* withoutRoom(input, context, model, signal) : yield* finish(
    input,
    context,
    yield* append(input, context, forced, randomU, model, signal),
    model,
    signal,
  );
  return { ...result, prompt_ids: context.ids.slice(0, context.promptLength) };
}

function forcedIds({ force_token_id, force_text }: StepInput, model: LanguageModel): Forced | null {
  if (force_token_id !== null && force_text) {
    throw fault("invalid_request", "Send force_token_id or force_text, not both.", "force_text");
  }
  if (force_token_id !== null) {
    if (force_token_id < model.vocabSize) return { ids: [force_token_id], by: "token" };
    const message = `Token id ${force_token_id} is not in the vocabulary of ${model.id} (0 to ${
      model.vocabSize - 1
    }).`;
    throw fault("unknown_token", message, "force_token_id");
  }
  if (!force_text) return null;
  const ids = model.codec.encode(force_text, { specials: false, postProcess: false });
  if (ids.length > 0) return { ids, by: "text" };
  throw fault("invalid_request", "None of the characters of force_text has a token.", "force_text");
}

/** Appends one drawn token, or all forced ones. */
async function* append(
  input: StepInput,
  context: Context,
  forced: Forced | null,
  randomU: number,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Progress> {
  let ids = context.ids;
  let cost = NO_COST;
  let mu = presentMu(input.params);
  const metas: StepMeta[] = [];
  const total = ids.length + (forced?.ids.length ?? 1);
  while (ids.length < total) {
    if (metas.length > 0) yield { done: ids.length, total };
    const drawing = forced === null ? drawOf(input, ids.length, randomU) : null;
    const position = { ...context, ids, params: input.params, u: drawing?.u ?? null };
    const distribution = yield* distributionAfter(position, model, signal);
    const { run } = distribution;
    cost = addCosts(cost, distribution);
    const id = drawing === null ? forced!.ids[metas.length]! : draw(run.final.probs, drawing.u);
    if (drawing !== null) mu = nextMu(mu, input, run, id);
    metas.push({
      dist: describe(distribution, input, model),
      selected_id: id,
      forced: forced !== null,
      forced_by: forced?.by ?? null,
      draw: drawing,
      p_final: run.final.probs[id]!,
      p_raw: run.raw.probs[id]!,
      rank: rankOf(run.base.logits, id),
    });
    ids = [...ids, id];
  }
  return { path: { ids, promptLength: context.promptLength }, metas, mu, cost };
}

function drawOf({ u, params: { seed } }: StepInput, position: number, randomU: number): Draw {
  const number = u ?? (seed === null ? randomU : uniformAt(seed, position));
  return { seed, position, u: Math.min(number, LARGEST_U) };
}

function nextMu(mu: number | null, { params }: StepInput, run: PipelineRun, id: number): number | null {
  return mu === null
    ? null
    : mirostatNextMu(mu, params.mirostat_tau, params.mirostat_eta, run.final.probs[id]!);
}

async function* finish(
  input: StepInput,
  context: Context,
  { path, metas, mu, cost }: Progress,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<StepResult> {
  const params = mu === null ? input.params : { ...input.params, mirostat_mu: mu };
  const next = input.include.includes("next")
    ? yield* distributionAfter({ ...path, params, u: null }, model, signal)
    : null;
  const appended = model.codec.tokensOf(path.ids).slice(context.ids.length);
  const stop_reason = stopReasonOf(
    { ...path, count: appended.length, stopSequences: input.params.stop_sequences },
    model,
  );
  return {
    model: modelFacts(model),
    dist: metas[0]!.dist,
    selected: { ...appended[0]!, p_final: metas[0]!.p_final },
    appended,
    appended_meta: metas,
    new_completion_ids: path.ids.slice(context.promptLength),
    done: stop_reason !== null,
    stop_reason,
    next: next === null ? null : describe(next, input, model),
    mirostat_mu: mu,
    warnings: [...context.warnings, ...settingsWarnings(input, model)],
    timing: timingOf(next === null ? cost : addCosts(cost, next)),
  };
}

/** The answer where no token fits any more: the distribution, and nothing drawn from it. */
async function* withoutRoom(
  input: StepInput,
  context: Context,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<StepResult> {
  const answer = yield* distributionAfter({ ...context, params: input.params, u: null }, model, signal);
  const dist = describe(answer, input, model);
  const none: readonly Token[] = [];
  return {
    model: modelFacts(model),
    dist,
    selected: null,
    appended: none,
    appended_meta: [],
    new_completion_ids: input.completion_ids,
    done: true,
    stop_reason: "context_full",
    next: input.include.includes("next") ? dist : null,
    mirostat_mu: presentMu(input.params),
    warnings: [...context.warnings, ...settingsWarnings(input, model)],
    timing: timingOf(answer),
  };
}
