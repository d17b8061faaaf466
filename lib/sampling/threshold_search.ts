// Which value of one stage's setting brings a token through that stage and all that follow: the stages after it are
// run again on what a looser setting lets through.
import { takeSubset } from "./adjust.ts";
import { allows, type StageContext } from "./context.ts";
import type { Dist } from "./dist.ts";
import { placeOf } from "./given.ts";
import { sortDescending, topIds } from "./order.ts";
import { mapTokenIds } from "./param_values.ts";
import { PARAMETERS, type Params, type StageName } from "./params.ts";
import type { PipelineRun, StageTrace } from "./pipeline.ts";
import { leavesAny } from "./stages/constraint.ts";
import { FORMULAS, type ThresholdFormula } from "./table.ts";

/**
 * For tokens that the stage at `index` removed: the value of its setting nearest to the present one that keeps each
 * to the end, or null. The removed tokens by how much looser the setting must be, then the shortest prefix of them with
 * which the later stages keep the token: tried alone first, then doubling, then by halves. The most probable of the
 * removed tokens are tried before all of them, and none where even without the stage the later ones cut the token.
 * Sums over a part of the vocabulary are rounded otherwise than over all: which of two tokens that only the last bits
 * tell from each other a later stage keeps may be said wrongly.
 */
export function searchValuesThatKeep(
  run: PipelineRun,
  index: number,
  threshold: ThresholdFormula,
  ids: Int32Array,
): (number | null)[] {
  const stage = run.stages[index]!;
  const floor = threshold.byProbability ? findFloor(stage, ids) : 0;
  const { left, near, removed } = split(stage, floor);
  const search = searchIn(run, index, threshold, left, near);
  const values = Array.from(ids, search);
  if (near.length === removed.length || !values.includes(null)) return values;
  const later = run.stages.slice(index + 1).map(({ name }) => name);
  const without = runLaterStages(stage.before, later, run.params, run.context);
  const hopeful = (at: number) =>
    values[at] === null && without !== null && without.logits[ids[at]!]! > -Infinity;
  if (!values.some((_value, at) => hopeful(at))) return values;
  const searchAll = searchIn(run, index, threshold, left, removed);
  return values.map((value, at) => hopeful(at) ? searchAll(ids[at]!) : value);
}

/** How many of the removed tokens are tried before all are. */
const NEAR = 512;

/** The probability that the most probable removed tokens reach, those asked for among them. */
function findFloor({ before, after }: StageTrace, ids: Int32Array): number {
  const removed = new Float64Array(before.probs);
  for (let id = 0; id < removed.length; id++) if (after.logits[id]! > -Infinity) removed[id] = 0;
  const least = removed[topIds(removed, NEAR).at(-1)!]!;
  return ids.reduce((floor, id) => Math.min(floor, before.probs[id]!), least);
}

/** Rising ids of the tokens a stage left, of those it removed, and of those removed whose p reaches `floor`. */
function split({ before, after }: StageTrace, floor: number) {
  const left = new Int32Array(after.kept);
  const removed = new Int32Array(before.kept - after.kept);
  const near = new Int32Array(removed.length);
  let [l, r, n] = [0, 0, 0];
  for (let id = 0; id < before.logits.length; id++) {
    if (after.logits[id]! > -Infinity) left[l++] = id;
    else if (before.logits[id]! > -Infinity) {
      removed[r++] = id;
      if (before.probs[id]! >= floor) near[n++] = id;
    }
  }
  return { left, removed, near: near.slice(0, n) };
}

/**
 * The search among some removed tokens (rising ids): the value of the setting that keeps a token to the end, or
 * null where none that lets through no more than these does. They must be those that the least change keeps.
 */
function searchIn(
  run: PipelineRun,
  index: number,
  threshold: ThresholdFormula,
  left: Int32Array,
  removed: Int32Array,
) {
  const { before } = run.stages[index]!;
  const { looser } = PARAMETERS[threshold.param].threshold;
  const tightness = new Float64Array(before.logits.length); // the value that keeps each token, larger where tighter
  const keeping = threshold.valuesThatKeep(before, removed, run.params);
  for (let at = 0; at < removed.length; at++) tightness[removed[at]!] = -looser * keeping[at]!;
  const ordered = sortDescending(tightness, removed.slice());
  const values: number[] = []; // of the setting, that keep each group of tokens with one value
  const ends: number[] = []; // of the groups, exclusive
  const groupOf = new Int32Array(tightness.length);
  ordered.forEach((id, at) => {
    if (at === 0 || tightness[id] !== tightness[ordered[at - 1]!]) values.push(-looser * tightness[id]!);
    groupOf[id] = values.length - 1;
    ends[values.length - 1] = at + 1;
  });
  const memo = new Map<number, (id: number) => boolean>();
  const keeps = (group: number, id: number): boolean => {
    const known = memo.get(group) ?? rerun(run, index, merge(left, ordered.subarray(0, ends[group]!)));
    memo.set(group, known);
    return known(id);
  };
  return (id: number): number | null => {
    const group = findLeast(groupOf[id]!, values.length - 1, (group) => keeps(group, id));
    return group === null ? null : values[group]!;
  };
}

/** The least number from `first` to `last` that holds, where all above one that holds do too; null: none. */
function findLeast(first: number, last: number, holds: (at: number) => boolean): number | null {
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
  const { params, context } = later.some((name) => FORMULAS[name].readsIds) ? toSmall(run, ids) : run;
  const final = runLaterStages(takeSubset(run.stages[index]!.before, ids), later, params, context);
  return (id) => final !== null && final.logits[placeOf(ids, id)]! > -Infinity;
}

/** What the named stages leave; null where the constraint would allow nothing. */
export function runLaterStages(
  start: Dist,
  names: readonly StageName[],
  params: Params,
  context: StageContext,
): Dist | null {
  let dist = start;
  for (const name of names) {
    if (name === "constraint" && context.mask !== null && !leavesAny(dist, context.mask)) return null;
    dist = FORMULAS[name].apply(dist, params, context);
  }
  return dist;
}

/** Context and settings in the ids of the small vocabulary; ids outside it get numbers beyond it. */
function toSmall(
  { params, context }: PipelineRun,
  ids: Int32Array,
): { params: Params; context: StageContext } {
  const small = (id: number) => {
    const at = placeOf(ids, id);
    return at >= 0 ? at : ids.length + id;
  };
  const mask = context.mask === null ? null : new Int32Array((ids.length + 31) >> 5);
  if (mask !== null) {
    ids.forEach((id, at) => {
      if (allows(context.mask, id)) mask[at >> 5]! |= 1 << (at & 31);
    });
  }
  return {
    params: mapTokenIds(params, small),
    context: { ...context, mask, history: Int32Array.from(context.history, small) },
  };
}
