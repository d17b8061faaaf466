// The tokens that a step appends: one drawn, or all forced ones, each from its own distribution.
import { draw, rankInDist } from "../sampling/dist.ts";
import { probOf } from "../sampling/dist_forms.ts";
import { isKnown } from "../sampling/ledger.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import { mirostatNextMu } from "../sampling/stages/mirostat.ts";
import type { Draw, StepInput, StepMeta } from "../wire/step.ts";
import type { Context } from "./context.ts";
import { describe, type Distribution, distributionAfter, type Path } from "./distribution.ts";
import type { Forced } from "./forced.ts";
import { muOf } from "./preview.ts";
import { addCosts, NO_COST } from "./timing.ts";
import type { Cost, LanguageModel, LogitsAnswer, Sliced } from "./types.ts";
import { begin, type Begun } from "./waiting.ts";

const LARGEST_U = 1 - 2 ** -53; // u counts up to 1 on the wire and is below it in a draw

/** Forced tokens whose logits are computed together: what a cache of logits has room for, whatever the vocabulary. */
const TOGETHER = 32;

/** What a step has appended so far. */
export interface Progress {
  readonly path: Path;
  readonly metas: readonly StepMeta[];
  readonly mu: number | null;
  readonly cost: Cost;
  /** The logits behind the path, on their way, where the request asks for the distribution there. */
  readonly begun: Begun<LogitsAnswer> | null;
}

/** Appends one drawn token, or all forced ones. The model begins with what follows them before the last one is
 * described; where that one is forced and its distribution is known, before that is looked at. */
export async function* append(
  input: StepInput,
  context: Context,
  forced: Forced | null,
  randomU: number,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Progress> {
  const next = new NextLogits(model, signal);
  let ids = context.ids;
  let cost = NO_COST;
  let mu = muOf(input.params);
  const metas: StepMeta[] = [];
  const total = ids.length + (forced?.ids.length ?? 1);
  try {
    while (ids.length < total) {
      if (metas.length > 0) yield { done: ids.length, total };
      if (forced !== null) {
        cost = addCosts(cost, yield* readTogether(ids, forced, metas.length, model, signal));
      }
      const isLast = ids.length + 1 === total && input.include.includes("next");
      const forcedId = forced?.ids[metas.length];
      const begun = isLast && forcedId !== undefined ? await next.beginBehindKnown(ids, forcedId) : null;
      const drawing = forced === null ? drawOf(input, ids, randomU, model) : null;
      const { params, constraint } = input;
      const position = { ...context, ids, params, constraint, u: drawing?.u ?? null, begun };
      const distribution = yield* distributionAfter(position, model, signal);
      cost = addCosts(cost, distribution);
      const id = forcedId ?? draw(distribution.run.final, drawing!.u);
      if (drawing !== null) mu = updateMu(mu, input, distribution.run, id);
      ids = [...ids, id];
      if (isLast) await next.begin(ids);
      metas.push(describeAppended(distribution, id, drawing, forced, input, model));
    }
    return { path: { ids, promptLength: context.promptLength }, metas, mu, cost, begun: next.take() };
  } finally {
    await next.drop();
  }
}

/** The logits behind what is appended, on their way: somebody's to take, or ended. */
class NextLogits {
  #begun: Begun<LogitsAnswer> | null = null;

  constructor(private readonly model: LanguageModel, private readonly signal: AbortSignal) {}

  /** Once; what comes later is the same path. */
  async begin(ids: readonly number[]): Promise<void> {
    this.#begun ??= await begin(this.model.logits.after(ids, this.signal));
  }

  /** Begins them behind a forced token where the logits before it, at `ids`, are known; gives those, else null. They
   * are taken first: a cache may forget them meanwhile, and computing them anew would wait for the longer path. */
  async beginBehindKnown(ids: readonly number[], forcedId: number): Promise<Begun<LogitsAnswer> | null> {
    if (!this.model.logits.knows?.(ids)) return null;
    const known = await begin(this.model.logits.after(ids, this.signal));
    await this.begin([...ids, forcedId]);
    return known;
  }

  /** They are the caller's to end. */
  take(): Begun<LogitsAnswer> | null {
    const begun = this.#begun;
    this.#begun = null;
    return begun;
  }

  async drop(): Promise<void> {
    await this.#begun?.drop();
  }
}

function describeAppended(
  distribution: Distribution,
  id: number,
  drawing: Draw | null,
  forced: Forced | null,
  input: StepInput,
  model: LanguageModel,
): StepMeta {
  const { run } = distribution;
  return {
    dist: describe(distribution, input, model),
    selected_id: id,
    forced: forced !== null,
    forced_by: forced?.by ?? null,
    draw: drawing,
    p_final: probOf(run.final, id),
    ...isKnown(run, id)
      ? { p_raw: probOf(run.raw, id), rank: rankInDist(run.base, id) }
      : { p_raw: null, rank: null },
  };
}

/** Has the logits after `ids` and after the next forced tokens computed in one run, where they are not yet. `done`: how
 * many forced tokens `ids` has already. */
async function* readTogether(
  ids: readonly number[],
  forced: Forced,
  done: number,
  { logits }: LanguageModel,
  signal: AbortSignal,
): Sliced<Cost> {
  const next = done % TOGETHER === 0 ? forced.ids.slice(done, done + TOGETHER) : [];
  if (next.length < 2 || logits.along === undefined) return NO_COST;
  return yield* logits.along([...ids, ...next], ids.length, signal);
}

function drawOf(
  { u, params: { seed } }: StepInput,
  ids: readonly number[],
  randomU: number,
  model: LanguageModel,
): Draw {
  const position = ids.length;
  const unseeded = () => model.drawAhead?.takeNumber(ids) ?? randomU;
  const number = u ?? (seed === null ? unseeded() : uniformAt(seed, position));
  return { seed, position, u: Math.min(number, LARGEST_U) };
}

function updateMu(mu: number | null, { params }: StepInput, run: PipelineRun, id: number): number | null {
  return mu === null
    ? null
    : mirostatNextMu(mu, params.mirostat_tau, params.mirostat_eta, probOf(run.final, id));
}
