// The distribution after a path: logits, then what a constraint allows, then the stages. Every job that shows, draws
// or lists tokens gets it here, so that one request means the same wherever it is asked.
import type { DistResult } from "../wire/distribution.ts";
import type { PreviewInput } from "../wire/preview.ts";
import type { Params } from "../sampling/params.ts";
import { type PipelineRun, runPipeline } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import type { RunSettings } from "./distribution_cache.ts";
import { describeRun } from "./inspect.ts";
import type { Cost, LanguageModel, Sliced } from "./types.ts";

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
}

export interface Distribution extends Cost {
  readonly settings: RunSettings;
  /** As the model gave them, [vocabulary]; shared with the cache: read only. */
  readonly logits: Float32Array;
  readonly run: PipelineRun;
}

/** Computes it, or takes what is still known of it: logits of the path, and the run of the same settings.
 *
 * A constraint acts between logits and stages (PipelineOptions.mask) and would be part of the settings here. Throws
 * what runPipeline throws; rejects with an AbortError. */
export async function* distributionAfter(
  { ids, promptLength, params, u }: Position,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Distribution> {
  const answer = yield* model.logits.after(ids, signal);
  const settings = { ids, promptLength, params, xtcU: xtcNumber(params.seed, ids.length, u) };
  const run = model.distributions.run(settings, answer.logits, () => {
    return runPipeline(answer.logits, ids, promptLength, params, { xtcU: settings.xtcU });
  });
  return { ...answer, settings, run };
}

/** A distribution as it is answered; see describeRun. */
export function describe(
  { settings, run }: Distribution,
  shown: Pick<PreviewInput, "top_k" | "include">,
  model: LanguageModel,
): DistResult {
  const key = `${shown.top_k} ${shown.include.includes("stages")}`;
  return model.distributions.describe(settings, run, key, () => describeRun(run, shown, model));
}

/** XTC's own number: from the seed, else from the digits of `u` that no draw depends on, so that sending `u` back
 * repeats the step. Without either, XTC is shown acting. */
function xtcNumber(seed: number | null, position: number, u: number | null): number {
  if (seed !== null) return uniformAt(seed, position, "xtc");
  return u === null ? 0 : (u * 2 ** 26) % 1;
}
