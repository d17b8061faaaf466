// Objects as a grammar: the named members and others. A key of `additionalProperties` or `patternProperties` is none
// of the named ones, in its one spelling (strings.ts). That such keys differ from each other is not held: JSON text
// with equal names is JSON, and the last one counts.
import { matches } from "../ir/derive.ts";
import type { Expr } from "../ir/grammar.ts";
import type { Regex } from "../ir/regex.ts";
import { decideEmptiness } from "./algebra.ts";
import type { Emitter } from "./emitter.ts";
import type { Goal } from "./goals.ts";
import { withoutNames } from "./objects.ts";
import type { Member, ObjectShape, Region } from "./shape.ts";
import { spellString, stringOf } from "./strings.ts";

/** Named members as they are written, and demands that unnamed ones must meet. */
interface Plan {
  readonly named: ReadonlyMap<string, Member>;
  readonly demands: readonly Region[];
}

/** A member in a copy of the named ones takes as much memory as so many entries of a table. */
const ENTRIES_A_MEMBER = 8;

/** The grammar of the JSON objects of a shape: named members, and others by the patterns of their keys. */
export function emitObject(emitter: Emitter, object: ObjectShape, pointer: string): Expr {
  const { builder } = emitter.core;
  const regions = listUnnamed(emitter, object);
  const plans = object.demands.reduce<readonly Plan[]>(
    (plans, demand) => plans.flatMap((plan) => listWaysToMeet(emitter, plan, demand)),
    [{ named: object.named, demands: [] }],
  );
  const bodies = plans.map((plan) => emitPlan(emitter, object, plan, regions, pointer));
  return builder.seq([emitter.terminal(emitter.layout.openObject, "{", pointer), builder.choice(bodies)]);
}

/** The keys that are not named, by what is asked of their values; without those whose value is impossible. */
function listUnnamed(emitter: Emitter, object: ObjectShape): readonly Region[] {
  return object.regions.flatMap(({ keys, goal }) => {
    if (goal.kind === "none") return [];
    const others = decideEmptiness(emitter.shapes, withoutNames(emitter.shapes, keys, object.named.keys()));
    return others === emitter.core.arena.nothing ? [] : [{ keys: others, goal }];
  });
}

/** One of the named members meets the demand, or one that is not named does. */
function listWaysToMeet(emitter: Emitter, plan: Plan, demand: Region): readonly Plan[] {
  const { goals } = emitter.shapes;
  const ways: Plan[] = [{ ...plan, demands: [...plan.demands, demand] }];
  for (const [key, member] of plan.named) {
    const goal = goals.and(member.goal, demand.goal);
    if (emitter.shapes.isEmpty(goal)) continue;
    if (!matches(emitter.core.arena, demand.keys, new TextEncoder().encode(spellString(key)))) continue;
    emitter.core.budget.spend("tableEntries", ENTRIES_A_MEMBER * plan.named.size);
    ways.push({ ...plan, named: new Map(plan.named).set(key, { ...member, goal, required: true }) });
  }
  emitter.spendStates(ways.length, demand.goal.pointer);
  return ways;
}

function emitPlan(
  emitter: Emitter,
  object: ObjectShape,
  { named, demands }: Plan,
  regions: readonly Region[],
  pointer: string,
): Expr {
  const { builder } = emitter.core;
  const { strings, goals } = { ...emitter.shapes.universe, goals: emitter.shapes.goals };
  const possible = [...named].filter(([, member]) => member.goal.kind !== "none" || member.required);
  const rank = ([, { placed, required }]: readonly [string, Member]) => placed ? 0 : required ? 1 : 2;
  const items = possible.sort((a, b) => rank(a) - rank(b)).map(([key, { goal, required }]) => {
    const name = `the key ${JSON.stringify(key)}`;
    return { expr: emitPair(emitter, stringOf(strings, key), name, goal, pointer), required };
  });
  const demanded = demands.map((demand) => {
    const ways = regions.map(({ keys, goal }) => {
      const shared = decideEmptiness(emitter.shapes, emitter.core.arena.and([keys, demand.keys]));
      return emitPair(emitter, shared, "another key", goals.and(goal, demand.goal), pointer);
    });
    return { expr: builder.choice(ways), required: true };
  });
  return builder.members({
    items: [...items, ...demanded],
    others: builder.choice(
      regions.map(({ keys, goal }) => emitPair(emitter, keys, "another key", goal, pointer)),
    ),
    separator: emitter.terminal(emitter.layout.comma, ",", pointer),
    end: emitter.terminal(emitter.layout.closeObject, "}", pointer),
    ordered: emitter.propertyOrder === "schema",
    min: object.min,
    max: object.max,
  });
}

/** Key, colon and value. */
function emitPair(emitter: Emitter, keys: Regex, name: string, goal: Goal, pointer: string): Expr {
  const { arena, builder } = emitter.core;
  if (keys === arena.nothing) return builder.nothing;
  const key = arena.concat([emitter.quoted(keys), emitter.layout.colon]);
  return builder.seq([
    emitter.terminal(key, name, goal.kind === "any" ? pointer : goal.pointer),
    emitter.value(goal),
    emitter.terminal(emitter.layout.afterValue, "white space", pointer),
  ]);
}
