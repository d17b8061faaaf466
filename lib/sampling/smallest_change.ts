// The smallest change of one setting that would bring a removed token back. Where the removing stage is the last
// filter its own formula answers; where others follow, they are run again on what a looser setting lets through.
import type { StageContext } from "./context.ts";
import type { Dist } from "./dist.ts";
import { type Params, type StageName, STAGES, thresholdOf } from "./params.ts";
import { type PipelineRun, planStages, runFrom } from "./pipeline.ts";
import { FORMULAS } from "./table.ts";
import { runLaterStages, searchValuesThatKeep } from "./threshold_search.ts";

/** With this one setting at `value` the token would be kept. */
export interface SettingChange {
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
export function findSmallestChanges(
  run: PipelineRun,
  index: number,
  ids: Int32Array,
): (SettingChange | null)[] {
  const { name, before } = run.stages[index]!;
  const { threshold } = FORMULAS[name];
  if (threshold === undefined) return findToggles(run, name, ids);
  const { param } = threshold;
  const cutsLater = run.stages.slice(index + 1).some(({ name }) => mayRemove(name, run.params));
  const values = cutsLater
    ? searchValuesThatKeep(run, index, threshold, ids)
    : [...threshold.valuesThatKeep(before, ids, run.params)];
  return values.map((value) =>
    value === null ? null : { param, value: value === Infinity ? thresholdOf(param)!.off : value }
  );
}

function mayRemove(name: StageName, params: Params): boolean {
  return STAGES[name].kind === "filter" || (FORMULAS[name].mayRemove?.(params) ?? false);
}

/** Stages that are on or off: one more run says which tokens come back. */
function findToggles(run: PipelineRun, name: StageName, ids: Int32Array): (SettingChange | null)[] {
  const { params, context } = run;
  const change = toggleOf(name, params);
  if (change === null) return Array.from(ids, () => null);
  const freed = change.param === "constraint.enabled";
  const otherParams = freed ? params : { ...params, [change.param]: change.value };
  const otherContext = freed ? { ...context, mask: null } : context;
  const final = run.context.noLogits
    ? runFrom(run.raw, otherParams, otherContext).final // which stages can act may change
    : rerunLater(run, otherParams, otherContext);
  return Array.from(ids, (id) => final !== null && final.logits[id]! > -Infinity ? change : null);
}

/** The final distribution of the same logits under other settings, from the first stage that differs on. */
function rerunLater(run: PipelineRun, params: Params, context: StageContext): Dist | null {
  const names = planStages(params, context);
  const differs = names.findIndex((name, at) => name !== run.stages[at]?.name);
  const start = differs < 0 ? names.length : differs;
  return runLaterStages(run.stages[start]!.before, names.slice(start), params, context);
}

function toggleOf(name: StageName, params: Params): SettingChange | null {
  if (name === "constraint") return { param: "constraint.enabled", value: false };
  if (name === "dynatemp") return null; // its lowest temperature of 0 left one token
  if (params.greedy) return params.temperature > 0 ? { param: "greedy", value: false } : null;
  return { param: "temperature", value: LEAST_OFFERED_TEMPERATURE };
}
