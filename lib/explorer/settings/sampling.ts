// The settings of the pipeline and how they change: presets, sliders, the order of the stages. Pure; what the
// stages did comes from the server.
import {
  DEFAULT_ORDER,
  DEFAULT_PARAMS,
  NEUTRAL_PARAMS,
  type OrderedStage,
  type Params,
  type PresetName,
  PRESETS,
} from "../../sampling/params.ts";
import type { NumberParam } from "./stage_control.ts";
import { STAGE_CONTROLS, stageControl } from "./stage_controls.ts";

export type Preset = PresetName | "custom";

/** What `llmDemo.params` remembers. */
export interface Sampling {
  readonly params: Params;
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
const UNTOUCHED = [
  ...["seed", "stop_sequences", "logit_bias", "stages"] as const,
  ...["penalty_scope", "penalty_last_n", "top_p_rule", "dry_breakers"] as const,
];
type Untouched = Pick<Params, typeof UNTOUCHED[number]>;

/** Takes the values of a preset; every stage it does not name is switched off. "custom" keeps the values and
 * leaves greedy. */
export function choosePreset({ params }: Sampling, preset: Preset): Sampling {
  if (preset === "custom") return { params: { ...params, greedy: false }, preset };
  const kept = Object.fromEntries(UNTOUCHED.map((key) => [key, params[key]]));
  return { params: { ...NEUTRAL_PARAMS, ...kept, ...PRESETS[preset] }, preset };
}

/** What a field means for the preset: changing the settings of a stage leaves every preset but greedy. */
function presetAfter(preset: Preset): Preset {
  return preset === "greedy" ? "greedy" : "custom";
}

/** Sets what a slider or a number box sets: brought into range, whole where it must be. No number: no change. */
export function setParam(sampling: Sampling, param: NumberParam, value: number): Sampling {
  if (!Number.isFinite(value)) return sampling;
  const control = CONTROLS.get(param);
  const { min, max } = control?.accepts ?? { min: -Infinity, max: Infinity };
  const within = Math.min(max, Math.max(min, control?.whole ? Math.round(value) : value));
  const rounded = Number(within.toFixed(6));
  if (rounded === sampling.params[param]) return sampling;
  return changeStage(sampling, { [param]: rounded });
}

/** Changes settings of stages: leaves the preset, and takes a stage into the order that was left out of it. */
export function changeStage(sampling: Sampling, change: Partial<Params>): Sampling {
  const params = { ...sampling.params, ...change };
  const touched = Object.keys(change).flatMap((param) => STAGE_OF.get(param) ?? []);
  const missing = touched.filter((stage) => params.stages !== null && !isNamed(params.stages, stage));
  const stages = params.stages === null || missing.length === 0
    ? params.stages
    : shortest(orderOf(params).filter((stage) => isNamed([...params.stages!, ...missing], stage)));
  return { params: { ...params, stages }, preset: presetAfter(sampling.preset) };
}

/** Changes what belongs to no stage (seed, stop sequences, logit bias): the preset stays. */
export function changeField(sampling: Sampling, change: Partial<Untouched>): Sampling {
  return { ...sampling, params: { ...sampling.params, ...change } };
}

const CONTROLS = new Map(
  STAGE_CONTROLS.flatMap(({ main, extras }) => main === null ? extras : [main, ...extras])
    .flatMap((control) => control.kind === "number" ? [[control.param, control] as const] : []),
);
const STAGE_OF = new Map<string, OrderedStage>(
  STAGE_CONTROLS.flatMap(({ stage, main, extras }) =>
    [...main === null ? [] : [main], ...extras].map(({ param }) => [param as string, stage] as const)
  ),
);

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

function shortest(order: readonly OrderedStage[]): readonly OrderedStage[] | null {
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
  return { params: { ...params, stages: shortest(kept) }, preset: presetAfter(sampling.preset) };
}

/** "Top-p is now stage 3 of 7.", for the live region. */
export function movedSentence(stage: OrderedStage, shown: readonly OrderedStage[]): string {
  const place = shown.indexOf(stage) + 1;
  return `${stageControl(stage)?.label ?? stage} is now stage ${place} of ${shown.length}.`;
}

/** A setting as text, without trailing zeros and never in powers of ten: "0.75". */
export function settingText(value: number): string {
  const text = Number(value.toPrecision(6)).toString();
  return text.includes("e") ? value.toFixed(8).replace(/0+$/, "") : text;
}

interface Switch {
  readonly stage: OrderedStage;
  readonly param: NumberParam;
  readonly short: string;
  readonly on: (value: number) => boolean;
}

const above0 = (value: number) => value > 0;
const not0 = (value: number) => value !== 0;

/** When a setting switches its stage on, and its short name; those that are read most come first. */
const SWITCHES: readonly Switch[] = [
  { stage: "top_k", param: "top_k", short: "top-k", on: above0 },
  { stage: "top_p", param: "top_p", short: "top-p", on: (value) => value < 1 },
  { stage: "min_p", param: "min_p", short: "min-p", on: above0 },
  { stage: "typical_p", param: "typical_p", short: "typical-p", on: (value) => value > 0 && value < 1 },
  { stage: "repetition", param: "repetition_penalty", short: "repetition", on: (value) => value !== 1 },
  { stage: "presence", param: "presence_penalty", short: "presence", on: not0 },
  { stage: "frequency", param: "frequency_penalty", short: "frequency", on: not0 },
  { stage: "dry", param: "dry_multiplier", short: "DRY", on: not0 },
  { stage: "epsilon", param: "epsilon_cutoff", short: "epsilon", on: above0 },
  { stage: "eta", param: "eta_cutoff", short: "eta", on: above0 },
  { stage: "top_n_sigma", param: "top_n_sigma", short: "top-nσ", on: above0 },
  { stage: "top_h", param: "top_h", short: "top-H", on: above0 },
  { stage: "xtc", param: "xtc_probability", short: "XTC", on: above0 },
  { stage: "mirostat", param: "mirostat_tau", short: "mirostat", on: above0 },
];

/** True where the setting of a stage switches it on. */
export function isSet(stage: OrderedStage, params: Params): boolean {
  if (stage === "temperature") return params.temperature !== 1;
  return SWITCHES.some((item) => item.stage === stage && item.on(params[item.param]));
}

/** The tab's line: "Custom, T 0.9, top-p 0.75". */
export function samplingSummary({ params, preset }: Sampling): string {
  const label = PRESET_LABELS[preset];
  if (params.greedy) return label;
  const stages = SWITCHES.filter(({ param, on }) => on(params[param]))
    .map(({ param, short }) => `${short} ${settingText(params[param])}`);
  return [label, `T ${settingText(params.temperature)}`, ...stages].join(", ");
}
