// The distribution after a path: logits, then what a constraint allows, then the stages. Every job that shows, draws
// or lists tokens gets it here, so that one request means the same wherever it is asked.
import { fault } from "../fault.ts";
import type { Fitting } from "../constraints/position/types.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { DistResult } from "../wire/distribution.ts";
import type { PreviewInput } from "../wire/preview.ts";
import { allows } from "../sampling/context.ts";
import type { Params } from "../sampling/params.ts";
import { type PipelineRun, runPipeline } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import { fitConstraint } from "./constraint_fit.ts";
import type { RunSettings } from "./distribution_cache.ts";
import { describeRun } from "./inspect.ts";
import { textBreaksOf } from "./text_breaks.ts";
import { type Begun, waitFor } from "./waiting.ts";
import type { Cost, LanguageModel, LogitsAnswer, Sliced } from "./types.ts";

/** A path whose next token is looked at. */
export interface Path {
  readonly ids: readonly number[];
  readonly promptLength: number;
}

/** Which distribution is asked for. */
export interface Position extends Path {
  readonly params: Params;
  /** The number of the draw that follows; null where there is none. */
  readonly u: number | null;
  /** What the completion is to keep to; absent or not enabled: nothing. */
  readonly constraint?: ConstraintInput;
  /** The only tokens that are left; absent or null: all. They act where the constraint does. */
  readonly allowed?: readonly number[] | null;
  /** As SampleInput has them. */
  readonly breakerTexts?: readonly string[] | undefined;
  /** As `Logits.after`. */
  readonly aside?: boolean;
  /** The logits, where they are on their way already. */
  readonly begun?: Begun<LogitsAnswer> | null;
}

export interface Distribution extends Cost {
  readonly settings: RunSettings;
  /** As the model gave them, [vocabulary]; shared with the cache: read only. */
  readonly logits: Float32Array;
  readonly run: PipelineRun;
  /** Where the constraint stands; null: none is enabled. Where its text is over, nothing is masked. */
  readonly constraint: Fitting | null;
}

/** Computes it, or takes what is still known of it: logits of the path, and the run of the same settings. A constraint
 * is read while the model runs; it acts in the stages, in their order.
 *
 * Throws what fitConstraint and runPipeline throw; rejects with an AbortError. */
export async function* distributionAfter(
  { ids, promptLength, params, u, constraint, allowed = null, breakerTexts = [], aside, begun }: Position,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Distribution> {
  const reading = fitConstraint(constraint, { completion: ids.slice(promptLength) }, model, signal);
  reading.catch(() => {}); // told below, when the logits are there
  const answer = yield* begun?.slices ?? model.logits.after(ids, signal, aside);
  const { engine = null } = answer;
  if (constraint?.enabled && engine?.listed != null) {
    throw listsTooFewError("A constraint", engine.listed, model);
  }
  if (allowed !== null && engine?.listed != null) {
    throw listsTooFewError("allowed_token_ids", engine.listed, model, "allowed_token_ids");
  }
  const position = yield* waitFor(reading);
  const fitting = position === null || position.over ? null : new Int32Array(position.mask.buffer);
  const mask = allowed === null ? fitting : maskOf(allowed, fitting, model.vocabSize);
  const xtcU = chooseXtcNumber(params.seed, ids.length, u);
  const acting = fitting === null ? null : constraint!;
  const settings = { ids, promptLength, params, xtcU, constraint: acting, allowed, breakerTexts };
  const run = model.distributions.run(settings, answer.logits, () => {
    const textBreaks = textBreaksOf(breakerTexts, model.codec);
    return runPipeline(answer.logits, ids, promptLength, params, { xtcU, mask, engine, textBreaks });
  });
  return { ...answer, settings, run, constraint: position };
}

/** A distribution as it is answered; see describeRun. */
export function describe(
  { settings, run, constraint }: Distribution,
  shown: Pick<PreviewInput, "top_k" | "include">,
  model: LanguageModel,
): DistResult {
  const key = `${shown.top_k} ${shown.include.includes("stages")}`;
  const acting = settings.constraint === null || constraint === null
    ? null
    : { type: settings.constraint.type, position: constraint };
  return model.distributions.describe(run, key, () => describeRun(run, shown, model, acting));
}

/** What needs every token is refused where an engine lists some: nothing is made up. */
export function listsTooFewError(
  what: string,
  listed: number,
  { vocabSize }: LanguageModel,
  field = "constraint",
): Error {
  const sentence =
    `${what} needs the probability of every token, and the engine lists ${listed} of ${vocabSize}.`;
  return fault("unsupported", sentence, field);
}

/** The mask of those `ids` that `mask` allows; see StageContext.mask. */
function maskOf(ids: readonly number[], mask: Int32Array | null, vocabulary: number): Int32Array {
  const words = new Int32Array(Math.ceil(vocabulary / 32));
  for (const id of ids) if (allows(mask, id)) words[id >> 5]! |= 1 << (id & 31);
  return words;
}

/** XTC's own number: from the seed, else from the digits of `u` that no draw depends on, so that sending `u` back
 * repeats the step. Without either, XTC is shown acting. */
function chooseXtcNumber(seed: number | null, position: number, u: number | null): number {
  if (seed !== null) return uniformAt(seed, position, "xtc");
  return u === null ? 0 : (u * 2 ** 26) % 1;
}
