// Arrays as a grammar. Plain ones keep their counts as numbers; `contains` and `uniqueItems` are counted by states.
import type { Expr } from "../ir/grammar.ts";
import { goalOfItem } from "./arrays.ts";
import { constantsOf } from "./constants.ts";
import type { Emitter } from "./emitter.ts";
import type { Goal } from "./goals.ts";
import { refusal } from "../ir/refusal.ts";
import type { ArrayShape } from "./shape.ts";

/** Items of `uniqueItems` are told apart up to so many different values: a state remembers which were there. */
const MAX_UNIQUE = 8;

/** The grammar of the JSON arrays of a shape. Throws a refusal with `pointer` where items of uniqueItems cannot be
 * told apart. */
export function emitArray(emitter: Emitter, array: ArrayShape, pointer: string): Expr {
  const { builder } = emitter.core;
  const body = array.contains.length > 0 || array.unique !== null
    ? emitCounted(emitter, array, pointer)
    : emitPlainItems(emitter, array, pointer);
  return builder.seq([emitter.terminal(emitter.layout.openArray, "[", pointer), body]);
}

/** Items and the closing bracket. */
function emitPlainItems(emitter: Emitter, array: ArrayShape, pointer: string): Expr {
  const { builder } = emitter.core;
  const close = emitter.terminal(emitter.layout.closeArray, "]", pointer);
  const length = array.prefix.length;
  const next = array.max > length ? emitItem(emitter, array.rest, length > 0, pointer) : builder.nothing;
  const more = emitItem(emitter, array.rest, true, pointer);
  let tail = length > 0
    ? builder.seq([builder.repeat(next, Math.max(0, array.min - length), array.max - length), close])
    : emitItemsOrClose(
      array.min === 0,
      close,
      () => builder.seq([next, builder.repeat(more, Math.max(0, array.min - 1), array.max - 1), close]),
      emitter,
    );
  for (let i = length - 1; i >= 0; i--) {
    const here = builder.seq([emitItem(emitter, array.prefix[i]!, i > 0, pointer), tail]);
    tail = array.min <= i ? builder.choice([close, here]) : here;
  }
  return tail;
}

function emitItemsOrClose(may: boolean, close: Expr, items: () => Expr, emitter: Emitter): Expr {
  return may ? emitter.core.builder.choice([close, items()]) : items();
}

function emitItem(emitter: Emitter, goal: Goal, comma: boolean, pointer: string): Expr {
  const { builder } = emitter.core;
  const { layout } = emitter;
  return builder.seq([
    comma ? emitter.terminal(layout.comma, ",", pointer) : builder.empty,
    emitter.value(goal),
    emitter.terminal(layout.afterValue, "white space", pointer),
  ]);
}

/** Where an array stands: index (counted up to the last that matters), hits of each `contains`, values used. */
interface State {
  readonly index: number;
  readonly hits: readonly number[];
  readonly used: number;
}

function emitCounted(emitter: Emitter, array: ArrayShape, pointer: string): Expr {
  const { builder } = emitter.core;
  const lastIndex = Math.max(
    array.prefix.length,
    array.min,
    array.max < Infinity ? array.max : 1,
    ...array.contains.map(({ from }) => from),
  );
  const calls = new Map<string, Expr>();
  const open: (() => void)[] = [];
  const stateOf = (state: State): Expr => {
    const key = `${state.index};${state.hits};${state.used}`;
    const known = calls.get(key);
    if (known !== undefined) return known;
    emitter.spendStates(1, pointer);
    const rule = builder.rule(emitter.origin("items", pointer));
    const call = builder.call(rule);
    calls.set(key, call);
    open.push(() => builder.define(rule, emitWaysOn(emitter, array, state, lastIndex, stateOf, pointer)));
    return call;
  };
  const start = stateOf({ index: 0, hits: array.contains.map(() => 0), used: 0 });
  for (const define of open) define(); // grows while it is walked
  return start;
}

function emitWaysOn(
  emitter: Emitter,
  array: ArrayShape,
  state: State,
  lastIndex: number,
  stateOf: (state: State) => Expr,
  pointer: string,
): Expr {
  const { builder } = emitter.core;
  const ways: Expr[] = [];
  if (state.index >= array.min && array.contains.every((some, i) => state.hits[i]! >= some.min)) {
    ways.push(emitter.terminal(emitter.layout.closeArray, "]", pointer));
  }
  if (array.max < Infinity && state.index >= array.max) return builder.choice(ways);
  const index = Math.min(state.index + 1, lastIndex);
  for (const { goal, hits } of listItemsWithHits(emitter, array, state)) {
    for (const { value, used } of listUnused(emitter, array, goal, state.used)) {
      const next = stateOf({ index, hits, used });
      ways.push(builder.seq([emitItem(emitter, value, state.index > 0, pointer), next]));
    }
  }
  return builder.choice(ways);
}

/** The item's goal, for each choice of the `contains` that it satisfies. */
function listItemsWithHits(
  { core: { budget }, shapes: { goals } }: Emitter,
  array: ArrayShape,
  { index, hits }: State,
): readonly { readonly goal: Goal; readonly hits: readonly number[] }[] {
  let ways: { goal: Goal; hits: readonly number[] }[] = [{ goal: goalOfItem(array, index), hits }];
  array.contains.forEach(({ goal, from, min, max }, i) => {
    if (index < from) return;
    ways = ways.flatMap((way) => {
      budget.spend("tableEntries", array.contains.length); // each may double them
      const count = way.hits[i]!;
      if (max === Infinity && count >= min) return [way];
      const hit = { goal: goals.and(way.goal, goal), hits: way.hits.with(i, count + 1) };
      // Without a limit it does no harm to count too little: another way counts right.
      const miss = max === Infinity ? way : { ...way, goal: goals.and(way.goal, goals.not(goal)) };
      return count < max ? [hit, miss] : [miss];
    });
  });
  return ways.filter(({ goal }) => goal.kind !== "none");
}

/** With uniqueItems: each value that was not there yet. Throws a refusal where they cannot be told apart. */
function listUnused(
  emitter: Emitter,
  array: ArrayShape,
  goal: Goal,
  used: number,
): readonly { readonly value: Goal; readonly used: number }[] {
  if (array.unique === null) return [{ value: goal, used }];
  const all = collectUniqueValues(emitter, array, array.unique);
  const mine = new Set(constantsOf(emitter.shapes, goal));
  return all.flatMap((value, bit) => {
    return mine.has(value) && (used >> bit & 1) === 0 ? [{ value, used: used | 1 << bit }] : [];
  });
}

function collectUniqueValues(emitter: Emitter, array: ArrayShape, pointer: string): readonly Goal[] {
  const goals = array.max > array.prefix.length ? [...array.prefix, array.rest] : array.prefix;
  const values = new Set<Goal>();
  for (const goal of goals) {
    const constants = constantsOf(emitter.shapes, goal);
    for (const value of constants ?? []) values.add(value);
    if (constants !== null && values.size <= MAX_UNIQUE) continue;
    throw refusal(
      `uniqueItems can be held for items of at most ${MAX_UNIQUE} listed values (enum, const, boolean) only.`,
      { pointer },
    );
  }
  return [...values];
}
