// What a control of the pipeline is: a number with a slider, or one of a few.
import type { OrderedStage, Params } from "../../sampling/params.ts";

type KeysOf<T> = { [K in keyof Params]: Params[K] extends T ? K : never }[keyof Params];
export type NumberParam = KeysOf<number>;
export type ChoiceParam = "top_p_rule" | "penalty_scope";

/** A setting with a number. The slider covers the useful part of what the box accepts. */
export interface NumberControl {
  readonly kind: "number";
  readonly param: NumberParam;
  readonly label: string;
  readonly tip: string;
  readonly slider: { readonly min: number; readonly max: number; readonly step: number };
  readonly accepts: { readonly min: number; readonly max: number };
  readonly whole?: true;
}

export interface ChoiceControl {
  readonly kind: "choice";
  readonly param: ChoiceParam;
  readonly label: string;
  readonly tip: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export type Control = NumberControl | ChoiceControl;

export interface StageControl {
  readonly stage: OrderedStage;
  readonly label: string;
  /** In the list before "More stages" is opened. */
  readonly common: boolean;
  /** The setting with the slider; null: there is none. */
  readonly main: NumberControl | null;
  /** What is said in the place of a slider. */
  readonly description: string;
  /** Further settings of the stage, shown when more stages are. */
  readonly extras: readonly Control[];
}

/** `min`, `max`, `step` of the slider; `accepts`: of the box, where it takes more. */
export function number(
  param: NumberParam,
  label: string,
  [min, max, step]: readonly [number, number, number],
  tip: string,
  accepts: readonly [number, number] = [min, max],
): NumberControl {
  const range = { min: accepts[0], max: accepts[1] };
  return { kind: "number", param, label, tip, slider: { min, max, step }, accepts: range };
}

export function whole(...args: Parameters<typeof number>): NumberControl {
  return { ...number(...args), whole: true };
}

export function stage(
  stage: OrderedStage,
  label: string,
  main: NumberControl | null,
  options: { common?: true; extras?: readonly Control[]; description?: string } = {},
): StageControl {
  const { common = false, extras = [], description = "" } = options;
  return { stage, label, common, main, description, extras };
}
