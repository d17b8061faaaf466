// The settings of the pipeline and how they change: presets, sliders, the order of the stages. Pure; what the
// stages did comes from the server.
import { normaliseValue, takesValue } from "../../sampling/param_values.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_PARAMS,
  isStageOn,
  NEUTRAL_PARAMS,
  type OrderedStage,
  PARAMETER_LIST,
  PARAMETERS,
  parametersOf,
  type ParamName,
  type Params,
  type PresetName,
  presetOf,
  PRESETS,
} from "../../sampling/params.ts";
import type { WithIds } from "./named_ids.ts";
import { type NumberParam, rowOfStage, STAGE_CONTROLS } from "./stage_controls.ts";
import { round } from "../../basics/round.ts";
import { formatCount, settingText } from "../words/format.ts";

export type Preset = PresetName | "custom";

/** What `llmDemo.params` remembers. */
export interface Sampling extends WithIds {
  readonly preset: Preset;
}

/** How the page starts: temperature 0.7, every other stage off. */
export const FIRST_SAMPLING: Sampling = {
  params: { ...NEUTRAL_PARAMS, temperature: DEFAULT_PARAMS.temperature },
  preset: "custom",
};

export const PRESET_LABELS: Readonly<Record<Preset, string>> = {
  greedy: "Greedy",
  balanced: "Balanced",
  reliable: "Reliable",
  creative: "Creative",
  custom: "Custom",
};
export const PRESET_NAMES = Object.keys(PRESET_LABELS) as Preset[];

/** Settings that belong to no preset and survive one. */
type Untouched = {
  readonly [
    Name in ParamName as typeof PARAMETERS[Name] extends { keptByPresets: true } ? Name : never
  ]: Params[Name];
};

/** True where the most probable token is taken and nothing is drawn. */
export function isGreedy({ greedy, temperature }: Pick<Params, "greedy" | "temperature">): boolean {
  return greedy || temperature <= 0;
}

/** The preset that settings are shown under: greedy stays greedy whatever else is set. */
export function shownPresetOf(params: Params): Preset {
  return params.greedy ? "greedy" : presetOf(params);
}

/** Takes the values of a preset; every stage it does not name is switched off. "custom" keeps the values and
 * leaves greedy. */
export function choosePreset({ params }: Sampling, preset: Preset): Sampling {
  if (preset === "custom") return { params: { ...params, greedy: false }, preset };
  const kept = Object.fromEntries(
    PARAMETER_LIST.filter(([, row]) => row.keptByPresets).map(([name]) => [name, params[name]]),
  );
  return { params: { ...NEUTRAL_PARAMS, ...kept, ...PRESETS[preset] }, preset };
}

/** What a field means for the preset: changing the settings of a stage leaves every preset but greedy. */
function changePreset(preset: Preset): Preset {
  return preset === "greedy" ? "greedy" : "custom";
}

/** Sets what a slider or a number box sets: brought into range, whole where it must be. No number: no change. */
export function setParam(sampling: Sampling, param: NumberParam, value: number): Sampling {
  if (!Number.isFinite(value)) return sampling;
  const { accepts: { min, max }, whole } = NUMBERS.get(param)!;
  const within = Math.min(max, Math.max(min, whole ? Math.round(value) : value));
  const rounded = round(within, 6);
  if (rounded === sampling.params[param]) return sampling;
  return changeStage(sampling, { [param]: rounded });
}

/** Changes settings of stages: leaves the preset, and takes a stage into the order that was left out of it. */
export function changeStage(sampling: Sampling, change: Partial<Params>): Sampling {
  const params = { ...sampling.params, ...change };
  const touched = Object.keys(change).flatMap((param) => stageOf(param as ParamName) ?? []);
  const missing = touched.filter((stage) => params.stages !== null && !isNamed(params.stages, stage));
  const stages = params.stages === null || missing.length === 0
    ? params.stages
    : withoutDefaultOrder(orderOf(params).filter((stage) => isNamed([...params.stages!, ...missing], stage)));
  return { params: { ...params, stages }, preset: changePreset(sampling.preset) };
}

/** Changes what belongs to no stage (seed, stop sequences, logit bias): the preset stays. */
export function changeField(sampling: Sampling, change: Partial<Untouched>): Sampling {
  return { ...sampling, params: { ...sampling.params, ...change } };
}

/** Why a number is no seed; null: it is one. */
export function describeSeedProblem(seed: number): string | null {
  if (takesValue(PARAMETERS.seed, seed)) return null;
  return `A seed is a whole number up to ${formatCount(Number.MAX_SAFE_INTEGER)}.`;
}

/** Sets the seed, null for none; what is no seed changes nothing. */
export function setSeed(sampling: Sampling, seed: number | null): Sampling {
  if (!takesValue(PARAMETERS.seed, seed)) return sampling;
  return changeField(sampling, { seed: normaliseValue(PARAMETERS.seed, seed) });
}

const NUMBERS = new Map(
  STAGE_CONTROLS.flatMap(({ main, extras }) => main === null ? extras : [main, ...extras])
    .flatMap((control) => control.kind === "number" ? [[control.param, control] as const] : []),
);

/** The stage in whose row a parameter is shown. */
function stageOf(param: ParamName): OrderedStage | null {
  const row = PARAMETERS[param];
  return "stage" in row ? rowOfStage(row.stage) : null;
}

/** True where an order of a request names the stage; "dynatemp" is the temperature. */
function isNamed(stages: readonly OrderedStage[], stage: OrderedStage): boolean {
  return stages.includes(stage) || (stage === "temperature" && stages.includes("dynatemp"));
}

/** Every stage once, in the order in which they run; those that `params.stages` leaves out stand where the default
 * order has them. */
export function orderOf(params: Params): OrderedStage[] {
  const order: OrderedStage[] = [];
  for (const name of params.stages ?? DEFAULT_ORDER) {
    const stage = name === "dynatemp" ? "temperature" : name;
    if (!order.includes(stage)) order.push(stage);
  }
  DEFAULT_ORDER.forEach((stage, at) => {
    if (order.includes(stage)) return;
    const before = DEFAULT_ORDER.slice(0, at).findLast((other) => order.includes(other));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, stage);
  });
  return order;
}

/** The order as it is kept: null where it is the default one. */
function withoutDefaultOrder(order: readonly OrderedStage[]): readonly OrderedStage[] | null {
  const same = order.length === DEFAULT_ORDER.length &&
    order.every((stage, at) => stage === DEFAULT_ORDER[at]);
  return same ? null : order;
}

/** Puts a stage in the place of another among those that are shown; hidden stages stay where they are. Stages that
 * were left out of the order stay left out, but the one that is moved. */
export function moveStage(
  sampling: Sampling,
  stage: OrderedStage,
  target: OrderedStage,
  shown: readonly OrderedStage[] = DEFAULT_ORDER,
): Sampling {
  const { params } = sampling;
  const order = orderOf(params);
  const places = order.filter((name) => shown.includes(name));
  const to = places.indexOf(target);
  if (stage === target || to < 0 || !places.includes(stage)) return sampling;
  const moved = places.filter((name) => name !== stage);
  moved.splice(to, 0, stage);
  const next = order.map((name) => shown.includes(name) ? moved.shift()! : name);
  const kept = next.filter((name) =>
    params.stages === null || name === stage || isNamed(params.stages, name)
  );
  return { params: { ...params, stages: withoutDefaultOrder(kept) }, preset: changePreset(sampling.preset) };
}

/** The first parameter of every stage that is on but the temperature, those that are read most first:
 * "top-p 0.75". */
export function describeStages(params: Params): string[] {
  return PARAMETER_LIST.flatMap(([name, row]) => {
    if (row.stage === undefined || row.stage === "temperature" || row.short === undefined) return [];
    if (parametersOf(row.stage)[0]![0] !== name || !isStageOn(row.stage, params)) return [];
    return [`${row.short} ${settingText(params[name] as number)}`];
  });
}

/** The tab's line: "Custom, T 0.9, top-p 0.75". */
export function samplingSummary({ params, preset }: Sampling): string {
  const label = PRESET_LABELS[preset];
  if (params.greedy) return label;
  return [label, `T ${settingText(params.temperature)}`, ...describeStages(params)].join(", ");
}
