// From logits to the final distribution, stage by stage, with the distribution after each stage kept: the ledger
// (ledger.ts) is read from it.
import type { Fault } from "../fault.ts";
import type { StageContext, TextBreaks } from "./context.ts";
import { type Dist, distOf } from "./dist.ts";
import { isLeft } from "./dist_forms.ts";
import type { Values } from "./order.ts";
import { DEFAULT_ORDER, isStageOn, type Params, type StageName } from "./params.ts";
import { distOfListed, type EngineAnswer, NO_LOGITS, rulingOf } from "./part_known.ts";
import { FORMULAS, STAGES } from "./table.ts";

export interface PipelineOptions {
  /** What the constraint allows: bit `id & 31` of word `id >> 5`; null or absent: no constraint. */
  readonly mask?: Int32Array | null;
  /** The number in [0, 1) that decides whether XTC acts; absent: 0, it does. */
  readonly xtcU?: number;
  readonly textBreaks?: TextBreaks | null;
  /** The logits are an engine's log-probabilities; null or absent: they are the model's logits. */
  readonly engine?: EngineAnswer | null;
}

/** A stage that is set and cannot act. */
export interface StageOff {
  readonly name: StageName;
  readonly reason: string;
}

/** What one active stage did. Masses are shares of the probability that came in. */
export interface StageTrace {
  readonly name: StageName;
  readonly before: Dist;
  readonly after: Dist;
  readonly kept: number;
  readonly removed: number;
  readonly removedMass: number;
}

export interface PipelineRun {
  readonly params: Params;
  readonly context: StageContext;
  /** softmax of the logits as the model gave them. */
  readonly raw: Dist;
  /** After penalties, bias and temperature, before anything is removed: p_base. */
  readonly base: Dist;
  /** After all stages, sums to 1: p_final. */
  readonly final: Dist;
  /** The active stages, in order. */
  readonly stages: readonly StageTrace[];
  readonly off: readonly StageOff[];
}

/**
 * Runs the active stages over the whole vocabulary. `history`: all ids before the next token, the first
 * `promptLength` of them the prompt. Throws the fault invalid_request where the constraint leaves no token or
 * `params.stages` names one twice; an error where a logit is NaN.
 */
export function runPipeline(
  logits: Values,
  history: ArrayLike<number>,
  promptLength: number,
  params: Params,
  options: PipelineOptions = {},
): PipelineRun {
  const context: StageContext = {
    history,
    promptLength,
    mask: options.mask ?? null,
    xtcU: options.xtcU ?? 0,
    textBreaks: options.textBreaks ?? null,
    vocabulary: logits.length,
  };
  const { engine } = options;
  if (engine?.listed != null) {
    return runFrom(distOfListed(logits, engine.most), params, { ...context, noLogits: true });
  }
  return runFrom(distOf(logits), params, engine ? { ...context, noLogits: true } : context);
}

/** As `runPipeline`, from a distribution that was made before. */
export function runFrom(raw: Dist, params: Params, context: StageContext): PipelineRun {
  const begun: Acted = { dist: raw, stages: [], off: [] };
  const acted = planStages(params, context).reduce((so, name) => act(so, name, params, context), begun);
  const base = baseOf(raw, acted.stages, params, context);
  // What is not listed cannot be drawn.
  const { dist, stages, off } = acted.dist.beyond === undefined
    ? acted
    : add(acted, "listed", params, context);
  return { params, context, raw, base, final: dist, stages, off };
}

/** What the stages up to one have done. */
interface Acted {
  readonly dist: Dist;
  readonly stages: readonly StageTrace[];
  readonly off: readonly StageOff[];
}

/** Lets a stage act, what is not listed removed before where it needs that; or says why it cannot. */
function act(so: Acted, name: StageName, params: Params, context: StageContext): Acted {
  const cut = so.stages.some(({ name }) => name === "listed");
  const ruling = name === "repetition" && context.noLogits
    ? { off: NO_LOGITS }
    : rulingOf(name, so.dist, cut, params, context);
  if (typeof ruling === "object") return { ...so, off: [...so.off, { name, reason: ruling.off }] };
  return add(ruling === "listed" ? add(so, "listed", params, context) : so, name, params, context);
}

/** Runs a stage. Where it acts on a distribution that is known in part, it removes what is not listed too. */
function add({ dist, stages, off }: Acted, name: StageName, params: Params, context: StageContext): Acted {
  const own = FORMULAS[name].apply(dist, params, context);
  const after = own === dist ? FORMULAS.listed.apply(dist, params, context) : own;
  return { dist: after, stages: [...stages, trace(name, dist, after)], off };
}

/** The stages that are on, in the order they run: that of `params.stages`, else the default. */
export function planStages(params: Params, context: StageContext): StageName[] {
  const named = params.stages ?? DEFAULT_ORDER;
  checkNames(named);
  const greedy = isGreedy(params);
  const thermal = isStageOn("dynatemp", params) ? "dynatemp" : "temperature";
  const isNamed = named.includes(thermal);
  const plan: StageName[] = [];
  const add = (name: StageName) => {
    if (!isActive(name, params, context)) return;
    // The argmax is taken of what may be chosen; a filter like XTC would only take it away.
    if (!greedy || name === "constraint" || STAGES[name].kind === "values") plan.push(name);
  };
  for (const name of named) {
    if (!isThermal(name)) add(name);
    else if (!isNamed || name === thermal) add(thermal);
  }
  if (!named.includes("constraint")) add("constraint"); // a constraint is a promise, never left out
  if (greedy) plan.push("greedy");
  return plan;
}

function checkNames(order: readonly StageName[]): void {
  if (new Set(order).size === order.length) return;
  const cause: Fault = { code: "invalid_request", field: "params.stages" };
  throw new Error(`Name each stage once in stages; found ${order.join(", ")}.`, { cause });
}

function isActive(name: StageName, params: Params, context: StageContext): boolean {
  if (name === "constraint") return context.mask !== null;
  return isStageOn(name, params) && (!isThermal(name) || params.temperature > 0);
}

/** One-hot on the argmax is asked for. */
function isGreedy(params: Params): boolean {
  return params.greedy || !(params.temperature > 0);
}

function isThermal(name: StageName): boolean {
  return name === "temperature" || name === "dynatemp";
}

function trace(name: StageName, before: Dist, after: Dist): StageTrace {
  const lost = after === before ? undefined : before.beyond;
  const mass = after.kept === before.kept ? 0 : sumLost(before, after);
  return {
    name,
    before,
    after,
    kept: after.kept,
    removed: before.kept - after.kept + (lost?.count ?? 0),
    removedMass: mass + (lost?.mass ?? 0),
  };
}

function sumLost(before: Dist, after: Dist): number {
  if (after.few?.lost !== undefined) return after.few.lost;
  const { probs } = before;
  const left = after.few?.ids;
  let mass = 0;
  for (let id = 0, at = 0; id < probs.length; id++) {
    if (left === undefined ? isLeft(after, id) : left[at] === id) at++;
    else mass += probs[id]!;
  }
  return mass;
}

/** With the filters left out; in the default order that is the distribution before the first of them. */
function baseOf(raw: Dist, stages: readonly StageTrace[], params: Params, context: StageContext): Dist {
  const isFilter = ({ name }: StageTrace) => STAGES[name].kind === "filter" && name !== "listed";
  const first = stages.findIndex(isFilter);
  if (first < 0) return stages.at(-1)?.after ?? raw;
  const later = stages.slice(first).filter((stage) => !isFilter(stage));
  const from = later.length === 0
    ? stages[first]!.before
    : FORMULAS.listed.apply(stages[first]!.before, params, context);
  return later.reduce((dist, { name }) => FORMULAS[name].apply(dist, params, context), from);
}
