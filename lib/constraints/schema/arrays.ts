// Intersection and complement of the array part of shapes.
import { refusal } from "../ir/refusal.ts";
import type { Algebra } from "./algebra.ts";
import type { Goal } from "./goals.ts";
import type { ArrayShape, Contains } from "./shape.ts";

/** Arrays that are in both; null where none can be. */
export function intersectArrays(algebra: Algebra, a: ArrayShape, b: ArrayShape): ArrayShape | null {
  const { goals, budget } = algebra;
  const length = Math.max(a.prefix.length, b.prefix.length);
  const prefix = Array.from({ length }, (_, i) => {
    budget.step();
    return goals.and(goalOfItem(a, i), goalOfItem(b, i));
  });
  return normaliseArray(algebra, {
    prefix,
    rest: goals.and(a.rest, b.rest),
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    contains: [...new Set([...a.contains, ...b.contains])],
    unique: a.unique ?? b.unique,
  });
}

/** Ends an array before the first item that nothing can satisfy; null where it would be too short. */
export function normaliseArray(algebra: Algebra, array: ArrayShape): ArrayShape | null {
  let max = array.max;
  const impossible = array.prefix.findIndex((goal) => algebra.isEmpty(goal));
  if (impossible >= 0) max = Math.min(max, impossible);
  else if (algebra.isEmpty(array.rest)) max = Math.min(max, array.prefix.length);
  if (array.min > max) return null;
  if (array.contains.some((some) => some.min > max || some.min > some.max)) return null;
  return { ...array, max, prefix: array.prefix.slice(0, max) };
}

/** What the item at `index` must meet: its entry of `prefixItems`, behind them `items`. */
export function goalOfItem(array: ArrayShape, index: number): Goal {
  return array.prefix[index] ?? array.rest;
}

/** All arrays that violate one of the conditions. Throws a refusal for `uniqueItems`. */
export function complementArray(algebra: Algebra, array: ArrayShape): ArrayShape[] {
  const { goals, universe, budget } = algebra;
  if (array.unique !== null) {
    throw refusal(
      "Arrays whose items are not all different cannot be asked for; take uniqueItems out of `not`, " +
        "`if` and overlapping oneOf.",
      { pointer: array.unique },
    );
  }
  const ways: ArrayShape[] = [];
  const add = (part: Partial<ArrayShape>) => ways.push({ ...universe.anyArray, ...part });
  if (array.min > 0) add({ max: array.min - 1 });
  if (array.max < Infinity) add({ min: array.max + 1 });
  array.prefix.forEach((goal, i) => {
    if (goal.kind === "any") return;
    budget.spend("tableEntries", i + 1); // as long as what comes before it
    const before = Array.from({ length: i }, () => goals.any);
    add({ prefix: [...before, goals.not(goal)], min: i + 1 });
  });
  if (array.rest.kind !== "any" && array.max > array.prefix.length) {
    add({ contains: [violate(goals.not(array.rest), array.prefix.length, array.rest.pointer)] });
  }
  for (const some of array.contains) {
    if (some.min > 0) add({ contains: [{ ...some, min: 0, max: some.min - 1 }] });
    if (some.max < Infinity) add({ contains: [{ ...some, min: some.max + 1, max: Infinity }] });
  }
  return ways.flatMap((way) => normaliseArray(algebra, way) ?? []);
}

function violate(goal: Goal, from: number, pointer: string): Contains {
  return { goal, from, min: 1, max: Infinity, pointer };
}
