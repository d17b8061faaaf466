// The `loop` of a for, with all its members.
import { findOwn } from "../../basics/find_own.ts";
import { takePositional } from "./python/arguments.ts";
import { isEqual } from "./python/compare.ts";
import { withFallback } from "./python/collections.ts";
import { createCallable, Host, Tuple, Undefined, type Value } from "./python/values.ts";

/** The items of a loop, each taken when it is asked for: what a loop's condition says of one may depend on what its
 * body did with those before. */
export class LoopItems {
  readonly #taken: Value[] = [];
  readonly #source: Iterator<Value>;

  constructor(source: Iterable<Value>) {
    this.#source = source[Symbol.iterator]();
  }

  at(index: number): Value | undefined {
    while (this.#taken.length <= index && this.#take());
    return this.#taken[index];
  }

  get length(): number {
    while (this.#take());
    return this.#taken.length;
  }

  #take(): boolean {
    const { done, value } = this.#source.next();
    if (done !== true) this.#taken.push(value);
    return done !== true;
  }
}

export interface LoopPlace {
  readonly items: LoopItems;
  /** How deep a recursive loop is, from 0. */
  readonly depth0: number;
  /** Renders the loop over other items, one level deeper; null where it is not recursive. */
  readonly recurse: ((items: Value) => string) | null;
}

/** The loop over `items`; `move` says which item is the current one. */
export function createLoop({ items, depth0, recurse }: LoopPlace): { loop: Host; move(index: number): void } {
  let index0 = -1;
  let last: Tuple | null = null;
  const changed = (values: readonly Value[]) => {
    const now = new Tuple(values);
    const differs = last === null || !isEqual(last, now);
    last = now;
    return differs;
  };
  const cycle = (values: readonly Value[]) => {
    if (values.length === 0) throw new Error("no items for cycling given");
    return values[index0 % values.length]!;
  };
  const members: Members = {
    ...createCounters(items, depth0, () => index0),
    cycle: () => createCallable("cycle", (args) => cycle(takePositional("cycle", args))),
    changed: () => createCallable("changed", (args) => changed(takePositional("changed", args))),
  };
  const loop = new Host({
    type: "LoopContext",
    repr: () => `<LoopContext ${index0 + 1}/${items.length}>`,
    member: (name) => findOwn(members, name)?.(),
    length: () => items.length,
    call: (args) => {
      if (recurse === null) {
        throw new Error("The loop must have the 'recursive' marker to be called recursively.");
      }
      return recurse(takePositional("loop", args)[0] ?? null);
    },
  });
  return { loop, move: (index) => void (index0 = index) };
}

type Members = Readonly<Record<string, () => Value>>;

function createCounters(items: LoopItems, depth0: number, index: () => number): Members {
  return {
    index: () => BigInt(index() + 1),
    index0: () => BigInt(index()),
    revindex: () => BigInt(items.length - index()),
    revindex0: () => BigInt(items.length - index() - 1),
    first: () => index() === 0,
    last: () => items.at(index() + 1) === undefined,
    length: () => BigInt(items.length),
    depth: () => BigInt(depth0 + 1),
    depth0: () => BigInt(depth0),
    previtem: () => withFallback(items.at(index() - 1), () => new Undefined("there is no previous item")),
    nextitem: () => withFallback(items.at(index() + 1), () => new Undefined("there is no next item")),
  };
}
