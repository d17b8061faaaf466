// The `loop` of a for, with all its members.
import { positionalOnly } from "./python/arguments.ts";
import { pythonEqual } from "./python/compare.ts";
import { orElse } from "./python/collections.ts";
import { callable, Host, Tuple, Undefined, type Value } from "./python/values.ts";

export interface LoopPlace {
  readonly items: readonly Value[];
  /** How deep a recursive loop is, from 0. */
  readonly depth0: number;
  /** Renders the loop over other items, one level deeper; null where it is not recursive. */
  readonly recurse: ((items: Value) => string) | null;
}

/** The loop over `items`; `move` says which item is the current one. */
export function createLoop({ items, depth0, recurse }: LoopPlace): { loop: Host; move(index: number): void } {
  let index0 = -1;
  let last: Tuple | null = null;
  const length = items.length;
  const changed = (values: readonly Value[]) => {
    const now = new Tuple(values);
    const differs = last === null || !pythonEqual(last, now);
    last = now;
    return differs;
  };
  const cycle = (values: readonly Value[]) => {
    if (values.length === 0) throw new Error("no items for cycling given");
    return values[index0 % values.length]!;
  };
  const members: Members = {
    ...counters(items, depth0, () => index0),
    cycle: () => callable("cycle", (args) => cycle(positionalOnly("cycle", args))),
    changed: () => callable("changed", (args) => changed(positionalOnly("changed", args))),
  };
  const loop = new Host({
    type: "LoopContext",
    repr: () => `<LoopContext ${index0 + 1}/${length}>`,
    member: (name) => Object.hasOwn(members, name) ? members[name]!() : undefined,
    length: () => length,
    call: (args) => {
      if (recurse === null) {
        throw new Error("The loop must have the 'recursive' marker to be called recursively.");
      }
      return recurse(positionalOnly("loop", args)[0] ?? null);
    },
  });
  return { loop, move: (index) => void (index0 = index) };
}

type Members = Readonly<Record<string, () => Value>>;

function counters(items: readonly Value[], depth0: number, index: () => number): Members {
  const { length } = items;
  return {
    index: () => BigInt(index() + 1),
    index0: () => BigInt(index()),
    revindex: () => BigInt(length - index()),
    revindex0: () => BigInt(length - index() - 1),
    first: () => index() === 0,
    last: () => index() === length - 1,
    length: () => BigInt(length),
    depth: () => BigInt(depth0 + 1),
    depth0: () => BigInt(depth0),
    previtem: () => orElse(items[index() - 1], () => new Undefined("there is no previous item")),
    nextitem: () => orElse(items[index() + 1], () => new Undefined("there is no next item")),
  };
}
