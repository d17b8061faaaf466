// The smallest change of one setting that would bring a removed token back. Where the removing stage is the last
// filter its own formula answers; where others follow, they are run again on what a looser setting lets through.
import { subset } from "./adjust.ts";
import { allows, type StageContext } from "./context.ts";
import type { Dist } from "./dist.ts";
import { sortDescending } from "./order.ts";
import type { Params, StageName } from "./params.ts";
import { type PipelineRun, planStages, type StageTrace } from "./pipeline.ts";
import { type Knob, STAGES } from "./stage_table.ts";
import { leavesAny } from "./stages/constraint.ts";

/** With this one setting at `value` the token would be kept. */
export interface Restore {
  /** A name of Params, or "constraint.enabled". */
  readonly param: string;
  readonly value: number | boolean;
}

/** The first temperature above 0 that is offered for a token that temperature 0 removed. */
const LEAST_OFFERED_TEMPERATURE = 0.01;

/**
 * For tokens that the stage at `index` of the run removed: what brings each back; null where no value of that
 * stage's setting alone does.
 */
export function restoresOf(run: PipelineRun, index: number, ids: Int32Array): (Restore | null)[] {
  const { name, before } = run.stages[index]!;
  const { knob } = STAGES[name];
  if (knob === undefined) return toggled(run, name, ids);
  const cutsLater = run.stages.slice(index + 1).some(({ name }) => STAGES[name].kind === "filter");
  const values = cutsLater ? searched(run, index, knob, ids) : [...knob.needs(before, ids, run.params)];
  return values.map((value) =>
    value === null ? null : { param: knob.param, value: value === Infinity ? knob.off : value }
  );
}

/** Stages that are on or off: one more run says which tokens come back. */
function toggled(run: PipelineRun, name: StageName, ids: Int32Array): (Restore | null)[] {
  const { params, context } = run;
  const change = toggle(name, params);
  if (change === null) return Array.from(ids, () => null);
  const freed = change.param === "constraint.enabled";
  const otherParams = freed ? params : { ...params, [change.param]: change.value };
  const otherContext = freed ? { ...context, mask: null } : context;
  const final = finalOf(run.raw, planStages(otherParams, otherContext), otherParams, otherContext);
  return Array.from(ids, (id) => final !== null && final.logits[id]! > -Infinity ? change : null);
}

function toggle(name: StageName, params: Params): Restore | null {
  if (name === "constraint") return { param: "constraint.enabled", value: false };
  if (name === "dynatemp") return null; // its lowest temperature of 0 left one token
  if (params.greedy) return params.temperature > 0 ? { param: "greedy", value: false } : null;
  return { param: "temperature", value: LEAST_OFFERED_TEMPERATURE };
}

/**
 * The removed tokens by how much looser the setting must be, then the shortest prefix of them with which the
 * later stages keep the token: tried alone first, then doubling, then by halves.
 */
function searched(run: PipelineRun, index: number, knob: Knob, ids: Int32Array): (number | null)[] {
  const stage = run.stages[index]!;
  const { kept, removed } = split(stage);
  const { ordered, values, ends, groupOf } = grouped(stage, removed, knob, run.params);
  const memo = new Map<number, (id: number) => boolean>();
  const keeps = (group: number, id: number): boolean => {
    const known = memo.get(group) ?? rerun(run, index, merge(kept, ordered.subarray(0, ends[group]!)));
    memo.set(group, known);
    return known(id);
  };
  return Array.from(ids, (id) => {
    const group = shortest(groupOf[id]!, values.length - 1, (group) => keeps(group, id));
    return group === null ? null : values[group]!;
  });
}

/** The removed ids, the least need first, in groups of equal needs; `values`: the setting that keeps each group. */
function grouped({ before }: StageTrace, removed: Int32Array, { needs, looser }: Knob, params: Params) {
  const need = new Float64Array(before.logits.length);
  needs(before, removed, params).forEach((value, at) => need[removed[at]!] = -looser * value);
  const ordered = sortDescending(need, new Int32Array(removed));
  const values: number[] = [];
  const ends: number[] = []; // of each group of equal needs, exclusive
  const groupOf = new Int32Array(need.length);
  ordered.forEach((id, at) => {
    if (at === 0 || need[id] !== need[ordered[at - 1]!]) values.push(-looser * need[id]!);
    groupOf[id] = values.length - 1;
    ends[values.length - 1] = at + 1;
  });
  return { ordered, values, ends, groupOf };
}

/** The least number from `first` to `last` that holds, where all above one that holds do too; null: none. */
function shortest(first: number, last: number, holds: (at: number) => boolean): number | null {
  if (holds(first)) return first;
  if (!holds(last)) return null;
  let [fails, passes] = [first, last];
  for (let step = 1; fails + step < passes; step *= 2) {
    if (holds(fails + step)) passes = fails + step;
    else fails += step;
  }
  while (passes - fails > 1) {
    const middle = (fails + passes) >> 1;
    if (holds(middle)) passes = middle;
    else fails = middle;
  }
  return passes;
}

function split({ before, after }: StageTrace): { kept: Int32Array; removed: Int32Array } {
  const kept = new Int32Array(after.kept);
  const removed = new Int32Array(before.kept - after.kept);
  let [k, r] = [0, 0];
  for (let id = 0; id < before.logits.length; id++) {
    if (after.logits[id]! > -Infinity) kept[k++] = id;
    else if (before.logits[id]! > -Infinity) removed[r++] = id;
  }
  return { kept, removed };
}

function merge(a: Int32Array, b: Int32Array): Int32Array {
  const all = new Int32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all.sort();
}

/**
 * Runs the stages after `index` on the given ids (rising) alone, as a small vocabulary of their own; says which
 * ids are kept in the end.
 */
function rerun(run: PipelineRun, index: number, ids: Int32Array): (id: number) => boolean {
  const later = run.stages.slice(index + 1).map(({ name }) => name);
  const { params, context } = later.some((name) => NAMES_IDS.has(name)) ? inSmall(run, ids) : run;
  const final = finalOf(subset(run.stages[index]!.before, ids), later, params, context);
  return (id) => final !== null && final.logits[indexOf(ids, id)]! > -Infinity;
}

/** What the named stages leave; null where the constraint would allow nothing. */
function finalOf(
  start: Dist,
  names: readonly StageName[],
  params: Params,
  context: StageContext,
): Dist | null {
  let dist = start;
  for (const name of names) {
    if (name === "constraint" && context.mask !== null && !leavesAny(dist, context.mask)) return null;
    dist = STAGES[name].apply(dist, params, context);
  }
  return dist;
}

/** Stages that look at token ids, not only at logits. */
const NAMES_IDS: ReadonlySet<StageName> = new Set<StageName>([
  "logit_bias",
  "repetition",
  "presence",
  "frequency",
  "dry",
  "constraint",
]);

/** Context and settings in the ids of the small vocabulary; ids outside it get numbers beyond it. */
function inSmall(
  { params, context }: PipelineRun,
  ids: Int32Array,
): { params: Params; context: StageContext } {
  const small = (id: number) => {
    const at = indexOf(ids, id);
    return at >= 0 ? at : ids.length + id;
  };
  const mask = context.mask === null ? null : new Int32Array((ids.length + 31) >> 5);
  if (mask !== null) {
    ids.forEach((id, at) => {
      if (allows(context.mask, id)) mask[at >> 5]! |= 1 << (at & 31);
    });
  }
  const bias = Object.entries(params.logit_bias).map(([id, added]) => [small(Number(id)), added]);
  return {
    params: { ...params, logit_bias: Object.fromEntries(bias), dry_breakers: params.dry_breakers.map(small) },
    context: { ...context, mask, history: Int32Array.from(context.history, small) },
  };
}

/** Place of `id` in rising ids, or -1. */
function indexOf(ids: Int32Array, id: number): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}
