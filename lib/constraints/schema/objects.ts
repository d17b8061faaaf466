// Union, intersection and complement of the object part of shapes.
import { matches } from "../ir/derive.ts";
import { refusal } from "../ir/refusal.ts";
import type { Algebra } from "./algebra.ts";
import { intersectStrings } from "./algebra.ts";
import type { Goal } from "./goals.ts";
import { complementStrings, spellString, stringsOf } from "./strings.ts";
import type { Member, ObjectShape, Region } from "./shape.ts";

/** Patterns of keys that overlap cut the keys into more sets than this: refused. */
const MAX_REGIONS = 256;

/** Up to so many alternatives are compared with each other to make one of two. */
const MAX_COMPARED = 64;

/** Objects that are in both; null where none can be. */
export function intersectObjects(algebra: Algebra, a: ObjectShape, b: ObjectShape): ObjectShape | null {
  const named = new Map<string, Member>();
  for (const key of new Set([...a.named.keys(), ...b.named.keys()])) {
    algebra.budget.step();
    const [x, y] = [findMember(algebra, a, key), findMember(algebra, b, key)];
    const goal = algebra.goals.and(x.goal, y.goal);
    const required = x.required || y.required;
    if (required && algebra.isEmpty(goal)) return null;
    named.set(key, { goal, required, placed: x.placed || y.placed });
  }
  return normaliseObject(algebra, {
    named,
    regions: intersectRegions(algebra, a.regions, b.regions),
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    demands: [...new Set([...a.demands, ...b.demands])],
  });
}

/** The object with its least count of members taken from the required ones; null where no object can be in it. */
export function normaliseObject(algebra: Algebra, object: ObjectShape): ObjectShape | null {
  let required = 0;
  for (const member of object.named.values()) {
    if (!member.required) continue;
    if (member.goal.kind === "none" || algebra.isEmpty(member.goal)) return null;
    required++;
  }
  if (Math.max(object.min, required) > object.max) return null;
  const closed = object.regions.every((region) => region.goal.kind === "none");
  if (closed && countPossible(object) < object.min) return null;
  return required >= object.min ? { ...object, min: 0 } : object;
}

function countPossible(object: ObjectShape): number {
  return [...object.named.values()].filter((member) => member.goal.kind !== "none").length;
}

/** What is asked of the member with a key, named or not. */
function findMember(algebra: Algebra, object: ObjectShape, key: string): Member {
  return object.named.get(key) ??
    { goal: goalOfKey(algebra, object.regions, key), required: false, placed: false };
}

function goalOfKey(algebra: Algebra, regions: readonly Region[], key: string): Goal {
  if (regions.length === 1) return regions[0]!.goal;
  const bytes = new TextEncoder().encode(spellString(key));
  const { arena } = algebra.universe.strings;
  return regions.find((region) => matches(arena, region.keys, bytes))?.goal ?? algebra.goals.none;
}

/** The regions of keys of both lists, those with the same goal joined. Throws a refusal where they overlap in too
 * many ways. */
export function intersectRegions(
  algebra: Algebra,
  as: readonly Region[],
  bs: readonly Region[],
): readonly Region[] {
  const { arena } = algebra.universe.strings;
  const byGoal = new Map<Goal, Region>();
  for (const a of as) {
    for (const b of bs) {
      const keys = intersectStrings(algebra, a.keys, b.keys);
      if (keys === arena.nothing) continue;
      if (byGoal.size > MAX_REGIONS) {
        throw refusal("The patterns of keys overlap in too many ways. Make them exclude each other.");
      }
      const goal = algebra.goals.and(a.goal, b.goal);
      const same = byGoal.get(goal);
      byGoal.set(goal, { keys: same === undefined ? keys : arena.alt([same.keys, keys]), goal });
    }
  }
  const regions = [...byGoal.values()];
  return regions.length === 1 ? [{ keys: algebra.universe.strings.any, goal: regions[0]!.goal }] : regions;
}

/** All objects that violate one of the conditions. */
export function complementObject(algebra: Algebra, object: ObjectShape): ObjectShape[] {
  const { goals, universe } = algebra;
  const ways: ObjectShape[] = [];
  const add = (part: Partial<ObjectShape>) => ways.push({ ...universe.anyObject, ...part });
  const one = (key: string, goal: Goal, required: boolean) => {
    add({ named: new Map([[key, { goal, required, placed: false }]]) });
  };
  for (const [key, member] of object.named) {
    if (member.required) one(key, goals.none, false);
    if (member.goal.kind !== "any") one(key, goals.not(member.goal), true);
  }
  if (object.min > 0) add({ max: object.min - 1 });
  if (object.max < Infinity) add({ min: object.max + 1 });
  for (const { keys, goal } of object.regions) {
    const others = withoutNames(algebra, keys, object.named.keys());
    if (goal.kind !== "any") add({ demands: [{ keys: others, goal: goals.not(goal) }] });
  }
  for (const demand of object.demands) add(withoutDemanded(algebra, demand));
  return ways.flatMap((way) => normaliseObject(algebra, way) ?? []);
}

function withoutDemanded(algebra: Algebra, { keys, goal }: Region): Partial<ObjectShape> {
  const { strings } = algebra.universe;
  const others = complementStrings(strings, keys);
  return { regions: [{ keys, goal: algebra.goals.not(goal) }, { keys: others, goal: algebra.goals.any }] };
}

/** The keys of a set but for some names. */
export function withoutNames(
  algebra: Algebra,
  keys: Region["keys"],
  names: Iterable<string>,
): Region["keys"] {
  const { strings } = algebra.universe;
  const texts = [...names];
  if (texts.length === 0) return keys;
  return strings.arena.and([keys, strings.arena.not(stringsOf(strings, texts))]);
}

/** Alternatives that differ in one member only become one: "a absent, or a present" is "a optional". */
export function uniteObjects(algebra: Algebra, objects: readonly ObjectShape[]): readonly ObjectShape[] {
  if (objects.length < 2 || objects.length > MAX_COMPARED) return objects;
  const kept: ObjectShape[] = [];
  for (const object of objects) {
    let candidate = object;
    for (let i = 0; i < kept.length; i++) {
      const joined = joinTwo(algebra, kept[i]!, candidate);
      if (joined === null) continue;
      kept.splice(i, 1);
      candidate = joined;
      i = -1;
    }
    kept.push(candidate);
  }
  return kept;
}

function joinTwo(algebra: Algebra, a: ObjectShape, b: ObjectShape): ObjectShape | null {
  if (a.min !== b.min || a.max !== b.max || !haveSameRegions(a.regions, b.regions)) return null;
  if (!haveSameRegions(a.demands, b.demands)) return null;
  let different: string | null = null;
  for (const key of new Set([...a.named.keys(), ...b.named.keys()])) {
    algebra.budget.step();
    const [x, y] = [findMember(algebra, a, key), findMember(algebra, b, key)];
    if (x.goal === y.goal && x.required === y.required) continue;
    if (different !== null) return null;
    different = key;
  }
  if (different === null) return a;
  const [x, y] = [findMember(algebra, a, different), findMember(algebra, b, different)];
  const named = new Map(
    [...a.named.keys(), ...b.named.keys()].map((key) => [key, a.named.get(key) ?? b.named.get(key)!]),
  );
  named.set(different, {
    goal: algebra.goals.or(x.goal, y.goal),
    required: x.required && y.required,
    placed: x.placed || y.placed,
  });
  return { ...a, named };
}

function haveSameRegions(as: readonly Region[], bs: readonly Region[]): boolean {
  return as.length === bs.length && as.every((a, i) => a.keys === bs[i]!.keys && a.goal === bs[i]!.goal);
}
