// Objects as a grammar: the named members in the schema's order, then others. A key of `additionalProperties` or
// `patternProperties` is none of the named ones, in its one spelling (strings.ts). That such keys differ from each
// other is not held: JSON text with equal names is JSON, and the last one counts.
import type { Expr } from "../ir/grammar.ts";
import type { Regex } from "../ir/regex.ts";
import { decided } from "./algebra.ts";
import type { Emitter } from "./emitter.ts";
import type { Goal } from "./goals.ts";
import { exceptNames } from "./objects.ts";
import type { Member, ObjectShape, Region } from "./shape.ts";
import { spelled, stringOf } from "./strings.ts";
import { matches } from "../ir/derive.ts";

/** What is written of an object, and what it must come to. */
interface Plan {
  readonly emitter: Emitter;
  readonly pointer: string;
  readonly members: readonly (readonly [key: string, member: Member])[];
  /** Keys without the named ones; none whose value is impossible. */
  readonly regions: readonly Region[];
  readonly min: number;
  readonly max: number;
  readonly demands: readonly Region[];
  /** Members are counted up to here: 1 tells whether a comma is needed. */
  readonly cap: number;
  readonly close: Expr;
}

export function emitObject(emitter: Emitter, object: ObjectShape, pointer: string): Expr {
  const plan = planOf(emitter, object, pointer);
  const open = emitter.terminal(emitter.layout.openObject, "{", pointer);
  return emitter.core.builder.seq([open, members(plan)]);
}

function planOf(emitter: Emitter, object: ObjectShape, pointer: string): Plan {
  const { arena } = emitter.core;
  const possible = [...object.named].filter(([, member]) => member.goal.kind !== "none");
  const rank = ([, { placed, required }]: readonly [string, Member]) => placed ? 0 : required ? 1 : 2;
  const regions = object.regions.flatMap(({ keys, goal }) => {
    if (goal.kind === "none") return [];
    const others = decided(emitter.shapes, exceptNames(emitter.shapes, keys, object.named.keys()));
    return others === arena.nothing ? [] : [{ keys: others, goal }];
  });
  return {
    emitter,
    pointer,
    members: possible.sort((a, b) => rank(a) - rank(b)),
    regions,
    min: object.min,
    max: object.max,
    demands: object.demands,
    cap: Math.max(1, object.min, object.max < Infinity ? object.max : 0),
    close: emitter.terminal(emitter.layout.closeObject, "}", pointer),
  };
}

/**
 * Members and the closing brace, built from the end: what may follow once the first `i` named members are decided,
 * `count` members are written, and the demands in the bit set `met` are met.
 */
function members(plan: Plan): Expr {
  const { builder } = plan.emitter.core;
  const counts = Array.from({ length: Math.min(plan.cap, plan.members.length) + 1 }, (_, count) => count);
  const sets = Array.from({ length: 1 << plan.demands.length }, (_, met) => met);
  let after = tails(plan);
  for (let i = plan.members.length - 1; i >= 0; i--) {
    const [key, member] = plan.members[i]!;
    const later = after;
    const here = new Map<string, Expr>();
    for (const count of counts.filter((count) => count <= i)) {
      for (const met of sets) {
        plan.emitter.spendState(plan.pointer);
        const ways = count >= plan.max ? [] : writings(
          plan,
          stringOf(plan.emitter.shapes.universe.strings, key),
          key,
          member.goal,
          count,
          met,
          later,
        );
        if (!member.required) ways.push(later(count, met));
        here.set(`${count},${met}`, builder.choice(ways));
      }
    }
    after = (count, met) => here.get(`${count},${met}`)!;
  }
  return after(0, 0);
}

type After = (count: number, met: number) => Expr;

/** A member with this key, for each choice of demands that it meets. */
function writings(
  plan: Plan,
  keys: Regex,
  name: string | null,
  goal: Goal,
  count: number,
  met: number,
  later: After,
): Expr[] {
  const { emitter } = plan;
  const { builder } = emitter.core;
  const next = Math.min(count + 1, plan.cap);
  let ways: { keys: Regex; goal: Goal; met: number }[] = [{ keys, goal, met }];
  plan.demands.forEach((demand, bit) => {
    if ((met >> bit & 1) === 1) return;
    ways = ways.flatMap((way) => {
      const shared = keysMeeting(plan, demand, way.keys, name);
      if (shared === emitter.core.arena.nothing) return [way];
      const meeting = {
        keys: shared,
        goal: emitter.shapes.goals.and(way.goal, demand.goal),
        met: way.met | 1 << bit,
      };
      return [way, meeting];
    });
  });
  return ways.filter((way) => way.goal.kind !== "none").map((way) => {
    return builder.seq([pair(plan, way.keys, name, way.goal, count > 0), later(next, way.met)]);
  });
}

function keysMeeting({ emitter }: Plan, demand: Region, keys: Regex, name: string | null): Regex {
  const { arena } = emitter.core;
  if (name === null) return decided(emitter.shapes, arena.and([keys, demand.keys]));
  return matches(arena, demand.keys, new TextEncoder().encode(spelled(name))) ? keys : arena.nothing;
}

/** Key, colon and value, with a comma in front of all but the first. */
function pair(
  { emitter, pointer }: Plan,
  keys: Regex,
  name: string | null,
  goal: Goal,
  comma: boolean,
): Expr {
  const { arena, builder } = emitter.core;
  const { layout } = emitter;
  const key = arena.concat([comma ? layout.comma : arena.empty, emitter.quoted(keys), layout.colon]);
  const words = name === null ? "another key" : `the key ${JSON.stringify(name)}`;
  return builder.seq([
    emitter.terminal(key, words, goal.pointer === "" ? pointer : goal.pointer),
    emitter.value(goal),
    emitter.terminal(layout.afterValue, "white space", pointer),
  ]);
}

/** What may follow behind the named members: others within the count, all demands met, the brace. */
function tails(plan: Plan): After {
  const { builder } = plan.emitter.core;
  const known = new Map<string, Expr>();
  const all = (1 << plan.demands.length) - 1;
  const tail = (count: number, met: number): Expr => {
    const key = `${count},${met}`;
    const made = known.get(key);
    if (made !== undefined) return made;
    if (met === all) {
      const free = freeTail(plan, count);
      known.set(key, free);
      return free;
    }
    plan.emitter.spendState(plan.pointer);
    const rule = builder.rule(plan.emitter.origin("members", plan.pointer));
    known.set(key, builder.call(rule));
    const ways = count >= plan.max ? [] : plan.regions.flatMap(({ keys, goal }) => {
      return writings(plan, keys, null, goal, count, met, tail);
    });
    builder.define(rule, builder.choice(ways));
    return builder.call(rule);
  };
  return tail;
}

/** Members of all regions, with their number kept as a number. */
function freeTail(plan: Plan, count: number): Expr {
  const { builder } = plan.emitter.core;
  const [min, max] = [Math.max(0, plan.min - count), plan.max - count];
  if (max < min) return builder.nothing;
  const any = (comma: boolean) => {
    return builder.choice(plan.regions.map(({ keys, goal }) => pair(plan, keys, null, goal, comma)));
  };
  const others = any(true);
  if (count > 0) return builder.seq([builder.repeat(others, min, max), plan.close]);
  const some = max === 0
    ? builder.nothing
    : builder.seq([any(false), builder.repeat(others, Math.max(0, min - 1), max - 1), plan.close]);
  return min === 0 ? builder.choice([plan.close, some]) : some;
}
