// The canonical form of a schema: for each JSON type what is left of it. `Shape` is a union over its fields; arrays
// and objects are unions of alternatives, each an intersection of its own fields.
import type { Regex } from "../ir/regex.ts";
import type { Goal } from "./goals.ts";
import type { MultiplesOf } from "./multiples.ts";
import { createMultiples } from "./multiples.ts";
import type { NumberSet, Numerals } from "./numerals.ts";
import type { Strings } from "./strings.ts";

export interface Shape {
  readonly null: boolean;
  readonly true: boolean;
  readonly false: boolean;
  readonly numbers: NumberSet;
  /** Texts between the quotes (strings.ts). */
  readonly strings: Regex;
  readonly arrays: readonly ArrayShape[];
  readonly objects: readonly ObjectShape[];
}

export interface ArrayShape {
  /** Goals of the first items. */
  readonly prefix: readonly Goal[];
  /** Goal of every item behind them. */
  readonly rest: Goal;
  readonly min: number;
  readonly max: number;
  readonly contains: readonly Contains[];
  /** Pointer of the `uniqueItems` that asks for it, or null. */
  readonly unique: string | null;
}

/** Between `min` and `max` of the items from index `from` on satisfy `goal`. */
export interface Contains {
  readonly goal: Goal;
  readonly from: number;
  readonly min: number;
  readonly max: number;
  readonly pointer: string;
}

export interface ObjectShape {
  readonly named: ReadonlyMap<string, Member>;
  /** All other keys: disjoint sets that together hold every string. The named keys are not taken out of them. */
  readonly regions: readonly Region[];
  readonly min: number;
  readonly max: number;
  /** Each asks for at least one member with such a key and such a value. */
  readonly demands: readonly Region[];
}

export interface Member {
  readonly goal: Goal;
  readonly required: boolean;
  /** Named by `properties`, and so written in the order of the schema; others come behind. */
  readonly placed: boolean;
}

export interface Region {
  readonly keys: Regex;
  readonly goal: Goal;
}

/** What every operation on shapes needs. */
export interface Universe {
  readonly strings: Strings;
  readonly numerals: Numerals;
  readonly multiplesOf: MultiplesOf;
  readonly any: Shape;
  readonly none: Shape;
  readonly anyArray: ArrayShape;
  readonly anyObject: ObjectShape;
}

/** The shapes of everything and of nothing, and what operations on shapes share. */
export function createUniverse(strings: Strings, numerals: Numerals, anyGoal: Goal): Universe {
  const anyArray = { prefix: [], rest: anyGoal, min: 0, max: Infinity, contains: [], unique: null };
  const regions = [{ keys: strings.any, goal: anyGoal }];
  const anyObject = { named: new Map<string, Member>(), regions, min: 0, max: Infinity, demands: [] };
  const nothing = strings.arena.nothing;
  return {
    strings,
    numerals,
    multiplesOf: createMultiples(numerals),
    anyArray,
    anyObject,
    any: {
      null: true,
      true: true,
      false: true,
      numbers: { language: numerals.any, spellings: numerals.any },
      strings: strings.any,
      arrays: [anyArray],
      objects: [anyObject],
    },
    none: {
      null: false,
      true: false,
      false: false,
      numbers: { language: nothing, spellings: numerals.any },
      strings: nothing,
      arrays: [],
      objects: [],
    },
  };
}

/** True where no value is left, as far as the shape itself tells. */
export function isNone(universe: Universe, shape: Shape): boolean {
  const { nothing } = universe.strings.arena;
  return !shape.null && !shape.true && !shape.false && shape.numbers.language === nothing &&
    shape.strings === nothing && shape.arrays.length === 0 && shape.objects.length === 0;
}
