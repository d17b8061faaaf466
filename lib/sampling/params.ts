// What follows from the table of parameters: defaults, neutral settings, the order of the stages, whether one is on,
// which values a parameter takes, and the presets of the page.
import type { Parameter } from "./parameter.ts";
import {
  type OrderedStage,
  PARAMETERS,
  type ParamName,
  type Params,
  type StageName,
  STAGES,
} from "./table.ts";

export { PARAMETERS, STAGES } from "./table.ts";
export type { OrderedStage, ParamName, Params, StageName } from "./table.ts";

type DefaultStage = Exclude<OrderedStage, "dynatemp">;

/** Every parameter with its name, in the order of the table. */
export const PARAMETER_LIST = Object.entries(
  PARAMETERS,
) as readonly (readonly [ParamName, Parameter<StageName>])[];

const STAGE_NAMES = Object.keys(STAGES) as readonly StageName[];

/** Every stage that a request may order; "dynatemp" stands in for "temperature" where it is on. */
export const ORDERED_STAGES = STAGE_NAMES.filter((name): name is OrderedStage => !("last" in STAGES[name]));

/** The stages that run where a request orders none. */
export const DEFAULT_ORDER = ORDERED_STAGES.filter((name): name is DefaultStage =>
  !("standsFor" in STAGES[name])
);

function createParams(valueOf: (row: Parameter<StageName>) => unknown): Params {
  return Object.fromEntries(PARAMETER_LIST.map(([name, row]) => [name, valueOf(row)])) as unknown as Params;
}

/** The API's defaults: the preset "balanced", everything else off. */
export const DEFAULT_PARAMS: Params = createParams((row) => row.default);

/** As strong as a bias can be: what it is added to is never drawn, and its logit is still a number. */
export const BANNING_BIAS = PARAMETERS.logit_bias.range[0];

/** Params under which the distribution is the model's own: every stage off, temperature 1. */
export const NEUTRAL_PARAMS: Params = createParams((row) => row.off ?? row.default);

const BY_STAGE = Map.groupBy(PARAMETER_LIST, ([, row]) => row.stage);

/** The parameters of a stage, the one with the slider first. */
export function parametersOf(stage: StageName): readonly (readonly [ParamName, Parameter<StageName>])[] {
  return BY_STAGE.get(stage) ?? [];
}

/** True where the settings of a stage switch it on. A constraint is no setting, and greedy has a rule of its own. */
export function isStageOn(stage: StageName, params: Params): boolean {
  let switches = 0;
  for (const [name, row] of parametersOf(stage)) {
    if (row.isOn === undefined) continue;
    if (!isOn(row, params[name])) return false;
    switches++;
  }
  return switches > 0;
}

function isOn(row: Parameter<StageName>, value: unknown): boolean {
  return (row.isOn as ((value: unknown) => boolean) | undefined)?.(value) ?? false;
}

/** The threshold of a parameter, with the value that switches its stage off; null where it has none. */
export function thresholdOf(param: string): { looser: 1 | -1; decimals: number; off: number } | null {
  const row: Parameter | undefined = PARAMETERS[param as ParamName];
  if (row === undefined || !("threshold" in row) || row.threshold === undefined) return null;
  return { off: row.off ?? row.default ?? Infinity, ...row.threshold };
}

/** The settings that a preset fixes. */
type PresetValues = Pick<
  Params,
  "greedy" | "temperature" | "top_p" | "repetition_penalty" | "presence_penalty" | "frequency_penalty"
>;
export type PresetName = "greedy" | "reliable" | "balanced" | "creative";

/** The presets of the page; "custom" is what any change of a slider outside greedy switches to. */
export const PRESETS: Readonly<Record<PresetName, PresetValues>> = {
  greedy: createPreset(true, 1.0, 1.0, 1.0, 0, 0),
  reliable: createPreset(false, 0.25, 0.7, 1.1, 0, 0),
  balanced: createPreset(false, 0.7, 0.8, 1.05, 0, 0),
  creative: createPreset(false, 1.05, 0.95, 1.02, 0.2, 0.1),
};

/** The preset whose values these are, or "custom". */
export function presetOf(params: PresetValues): PresetName | "custom" {
  const names = Object.keys(PRESETS) as PresetName[];
  const keys = Object.keys(PRESETS.balanced) as (keyof PresetValues)[];
  return names.find((name) => keys.every((key) => PRESETS[name][key] === params[key])) ?? "custom";
}

function createPreset(
  greedy: boolean,
  temperature: number,
  top_p: number,
  repetition_penalty: number,
  presence_penalty: number,
  frequency_penalty: number,
): PresetValues {
  return { greedy, temperature, top_p, repetition_penalty, presence_penalty, frequency_penalty };
}
