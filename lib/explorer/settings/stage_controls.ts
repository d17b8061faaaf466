// The stages as the panel shows them, made from the tables of lib/sampling: names, sliders, boxes, choices, lists.
import type { Parameter, Stage } from "../../sampling/parameter.ts";
import {
  DEFAULT_ORDER,
  type OrderedStage,
  PARAMETER_LIST,
  type PARAMETERS,
  type ParamName,
  type Params,
  type StageName,
  STAGES,
} from "../../sampling/params.ts";

type NamesOf<Value> = { [Name in ParamName]: Params[Name] extends Value ? Name : never }[ParamName];
export type NumberParam = NamesOf<number>;
export type ChoiceParam = {
  [Name in ParamName]: typeof PARAMETERS[Name]["kind"] extends "choice" ? Name : never;
}[ParamName];
export type IdsParam = NamesOf<readonly number[]>;

/** A setting with a number. */
export interface NumberControl {
  readonly kind: "number";
  readonly param: NumberParam;
  readonly label: string;
  readonly tip: string;
  /** What the box takes. */
  readonly accepts: { readonly min: number; readonly max: number };
  readonly whole: boolean;
}

/** The setting of a stage that has a slider, which covers the useful part of what the box takes. */
export interface SliderControl extends NumberControl {
  readonly slider: { readonly min: number; readonly max: number; readonly step: number };
}

export interface ChoiceControl {
  readonly kind: "choice";
  readonly param: ChoiceParam;
  readonly label: string;
  readonly tip: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A list of tokens. */
export interface IdsControl {
  readonly kind: "ids";
  readonly param: IdsParam;
  readonly label: string;
  readonly tip: string;
}

export type Control = NumberControl | ChoiceControl | IdsControl;

export interface StageControl {
  readonly stage: OrderedStage;
  readonly label: string;
  /** In the list before "More stages" is opened. */
  readonly common: boolean;
  /** The setting with the slider; null: there is none. */
  readonly main: SliderControl | null;
  /** What is said in the place of a slider. */
  readonly description: string;
  /** Further settings of the stage, shown when more stages are. */
  readonly extras: readonly Control[];
}

/** The stage in whose row a stage is shown: dynamic temperature has the temperature's. */
export function rowOfStage(name: StageName): OrderedStage | null {
  const row: Stage = STAGES[name];
  if (row.last) return null;
  return (row.standsFor ?? name) as OrderedStage;
}

function controlsOf(name: string, row: Parameter): Control[] {
  const { label, about: tip } = row;
  switch (row.kind) {
    case "number":
    case "integer":
      if ("orNull" in row) return [];
      return [createNumberControl(name as NumberParam, row)];
    case "choice":
      return [{ kind: "choice", param: name as ChoiceParam, label, tip, options: row.options }];
    case "ids":
      return [{ kind: "ids", param: name as IdsParam, label, tip }];
    default:
      return [];
  }
}

type NumberRow = Extract<Parameter, { readonly box?: unknown }>;

function createNumberControl(param: NumberParam, row: NumberRow): NumberControl | SliderControl {
  const { label, about: tip, slider } = row;
  const [min, max] = row.box ?? row.range;
  const whole = row.kind === "integer";
  const control: NumberControl = { kind: "number", param, label, tip, accepts: { min, max }, whole };
  if (slider === undefined) return control;
  return { ...control, slider: { min: slider[0], max: slider[1], step: slider[2] } };
}

function hasSlider(control: Control): control is SliderControl {
  return "slider" in control;
}

function stageControlOf(stage: OrderedStage): StageControl {
  const { label, common, about = "" }: Stage = STAGES[stage];
  const controls = PARAMETER_LIST
    .filter(([, row]) => row.stage !== undefined && rowOfStage(row.stage) === stage)
    .flatMap(([name, row]) => controlsOf(name, row));
  const main = controls.find(hasSlider) ?? null;
  const extras = controls.filter((each) => each !== main);
  return { stage, label, common: common === true, main, description: about, extras };
}

/** Every stage of the panel, in the default order. */
export const STAGE_CONTROLS: readonly StageControl[] = DEFAULT_ORDER.map(stageControlOf);

const BY_STAGE = new Map(STAGE_CONTROLS.map((control) => [control.stage, control]));

/** The control of a stage; dynamic temperature is in the temperature's. */
export function findStageControl(stage: OrderedStage): StageControl {
  return BY_STAGE.get(rowOfStage(stage)!)!;
}

/** How a stage is called: "Top-p". */
export function stageLabel(name: StageName): string {
  return STAGES[name].label;
}
