// The shape of a row in the table of sampling parameters (table.ts), and the type of the value that a row describes.

/** What every row says. `Name`: the names of the stages. */
interface Row<Name extends string, Value> {
  /** Where a request does not name the parameter. */
  readonly default: Value;
  /** The value with which its stage does nothing, where that is not the default. */
  readonly off?: Value;
  readonly label: string;
  /** What it does, in a sentence or two: the tooltip, and the description in OpenAPI. */
  readonly about: string;
  /** The name inside of a sentence: "top-p 0.9". */
  readonly short?: string;
  /** The stage it belongs to. The first row of a stage is the one with the slider. */
  readonly stage?: Name;
  /** A stage is on where this holds for all its parameters that have it, and it has one. */
  isOn?(value: Value): boolean;
  /** Presets do not touch it; they switch off whatever else they do not name. */
  readonly keptByPresets?: true;
}

interface NumberLimits {
  /** "integer": whole numbers that are exact in double precision. */
  readonly kind: "number" | "integer";
  /** Least and greatest value. */
  readonly range: readonly [min: number, max: number];
  readonly threshold?: Threshold;
}

/** A filter's parameter that lets more tokens through when it moves one way. */
interface Threshold {
  /** 1: larger values keep more; -1: smaller ones do. */
  readonly looser: 1 | -1;
  /** Digits behind the point in "top-p ≥ 0.83". */
  readonly decimals: number;
  /** The value with which the stage does nothing, where the row's `off` or `default` is another. */
  readonly off?: number;
}

interface NumberRow<Name extends string> extends Row<Name, number>, NumberLimits {
  /** What the box on the page takes, where that is less than `range`. */
  readonly box?: readonly [min: number, max: number];
  /** The useful part of `range`. */
  readonly slider?: readonly [min: number, max: number, step: number];
}

interface NumberOrNullRow<Name extends string> extends Row<Name, number | null>, NumberLimits {
  /** What null means. */
  readonly orNull: string;
  /** Another spelling of null. */
  readonly nullAs?: number;
}

interface FlagRow<Name extends string> extends Row<Name, boolean> {
  readonly kind: "boolean";
}

interface ChoiceRow<Name extends string> extends Row<Name, string> {
  readonly kind: "choice";
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A list of texts that are not empty. */
interface TextsRow<Name extends string> extends Row<Name, readonly string[]> {
  readonly kind: "texts";
  readonly most: number;
}

/** A list of token ids. */
interface IdsRow<Name extends string> extends Row<Name, readonly number[]> {
  readonly kind: "ids";
}

/** Numbers by token id; `range` is that of each number. */
interface BiasesRow<Name extends string> extends Row<Name, Readonly<Record<string, number>>> {
  readonly kind: "biases";
  readonly range: readonly [min: number, max: number];
}

/** An order of stages, each at most once. */
interface StagesRow<Name extends string> extends Row<Name, null> {
  readonly kind: "stages";
  readonly orNull: string;
}

export type Parameter<Name extends string = string> =
  | NumberRow<Name>
  | NumberOrNullRow<Name>
  | FlagRow<Name>
  | ChoiceRow<Name>
  | TextsRow<Name>
  | IdsRow<Name>
  | BiasesRow<Name>
  | StagesRow<Name>;

/** The values of a row. `Name`: the stages that an order may name. */
export type ValueOf<R, Name> = R extends { kind: "number" | "integer" }
  ? R extends { orNull: string } ? number | null : number
  : R extends { kind: "boolean" } ? boolean
  : R extends { kind: "choice"; options: readonly { value: infer Option }[] } ? Option
  : R extends { kind: "texts" } ? readonly string[]
  : R extends { kind: "ids" } ? readonly number[]
  : R extends { kind: "biases" } ? Readonly<Record<string, number>>
  : R extends { kind: "stages" } ? readonly Name[] | null
  : never;

/** A row of the table of stages. */
export interface Stage {
  readonly label: string;
  /** "values": gives tokens new logits and removes none; "filter": removes tokens and scales the rest. */
  readonly kind: "values" | "filter";
  /** Listed on the page before "More stages" is opened. */
  readonly common?: true;
  /** What is said in the place of a slider. */
  readonly about?: string;
  /** What the stage does where its first parameter is below and above the value that is off. */
  readonly effect?: readonly [below: string, above: string];
  /** It runs in the place of another stage while it is on. */
  readonly standsFor?: string;
  /** No order names it: it runs last. */
  readonly last?: true;
}
