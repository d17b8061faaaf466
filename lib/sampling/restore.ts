// The smallest change of one setting that would bring a removed token back. Where the removing stage is the last
// filter its own formula answers; where others follow, they are run again on what a looser setting lets through.
import type { Params, StageName } from "./params.ts";
import { type PipelineRun, planStages } from "./pipeline.ts";
import { finalOf, searchedNeeds } from "./restore_search.ts";
import { STAGES } from "./stage_table.ts";

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
  const cutsLater = run.stages.slice(index + 1).some(({ name }) => mayRemove(name, run.params));
  const values = cutsLater ? searchedNeeds(run, index, knob, ids) : [...knob.needs(before, ids, run.params)];
  return values.map((value) =>
    value === null ? null : { param: knob.param, value: value === Infinity ? knob.off : value }
  );
}

function mayRemove(name: StageName, params: Params): boolean {
  const stage = STAGES[name];
  return stage.kind === "filter" || (stage.mayRemove?.(params) ?? false);
}

/** Stages that are on or off: one more run says which tokens come back. */
function toggled(run: PipelineRun, name: StageName, ids: Int32Array): (Restore | null)[] {
  const { params, context } = run;
  const change = toggle(name, params);
  if (change === null) return Array.from(ids, () => null);
  const freed = change.param === "constraint.enabled";
  const otherParams = freed ? params : { ...params, [change.param]: change.value };
  const otherContext = freed ? { ...context, mask: null } : context;
  const names = planStages(otherParams, otherContext);
  const differs = names.findIndex((name, at) => name !== run.stages[at]?.name);
  const start = differs < 0 ? names.length : differs;
  const final = finalOf(run.stages[start]!.before, names.slice(start), otherParams, otherContext);
  return Array.from(ids, (id) => final !== null && final.logits[id]! > -Infinity ? change : null);
}

function toggle(name: StageName, params: Params): Restore | null {
  if (name === "constraint") return { param: "constraint.enabled", value: false };
  if (name === "dynatemp") return null; // its lowest temperature of 0 left one token
  if (params.greedy) return params.temperature > 0 ? { param: "greedy", value: false } : null;
  return { param: "temperature", value: LEAST_OFFERED_TEMPERATURE };
}
