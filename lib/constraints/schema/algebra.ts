// What operations on shapes need, and those on sets of strings and keys.
import { isEmptyLanguage } from "../ir/derive.ts";
import type { Budget } from "../ir/limits.ts";
import type { Regex } from "../ir/regex.ts";
import type { Goal, Goals } from "./goals.ts";
import type { Universe } from "./shape.ts";

export interface Algebra {
  readonly universe: Universe;
  readonly goals: Goals;
  /** Each member and alternative that is looked at counts one step. */
  readonly budget: Budget;
  /** True where no value can satisfy the goal; false where that is not so or not yet known. */
  readonly isEmpty: (goal: Goal) => boolean;
}

/** The expression, or `nothing` where its language is empty. */
export function decideEmptiness(algebra: Algebra, regex: Regex): Regex {
  const { arena } = algebra.universe.strings;
  return isEmptyLanguage(arena, regex) ? arena.nothing : regex;
}

/** The strings of both languages; `nothing` where there are none. */
export function intersectStrings(algebra: Algebra, a: Regex, b: Regex): Regex {
  const { any, arena } = algebra.universe.strings;
  if (a === any || a === b) return b;
  if (b === any) return a;
  return decideEmptiness(algebra, arena.and([a, b]));
}
