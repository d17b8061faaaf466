// Several targets from one value.
import { itemsOf } from "./collections.ts";
import { type Value } from "./values.ts";

/** The items of a value where there are `count` of them. Throws as Python's `a, b = value` does. */
export function unpack(value: Value, count: number): Value[] {
  const items = itemsOf(value);
  if (items.length > count) throw new Error(`too many values to unpack (expected ${count})`);
  if (items.length < count) {
    throw new Error(`not enough values to unpack (expected ${count}, got ${items.length})`);
  }
  return items;
}
