// Length, truth and items of Python's values, and values from plain data.
import { unmarkKey } from "../../../basics/key_order.ts";
import {
  checkItems,
  Dict,
  Host,
  isList,
  Markup,
  Range,
  Stream,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
  View,
} from "./values.ts";

/** Python's truth of a value. */
export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return false;
  if (value instanceof Markup) return value.text !== "";
  const length = sizeOf(value);
  return length === null ? Boolean(value) : length > 0;
}

/** len(value), or null where it has none. A str's is counted in code points. */
export function sizeOf(value: Value): number | null {
  const text = textOf(value);
  if (text !== null) return countCodePoints(text);
  if (isList(value) || value instanceof Range) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof View) return value.dict.size;
  if (value instanceof Undefined) return 0;
  return value instanceof Host ? value.parts.length?.() ?? null : null;
}

/** About how much there is to read in a value: UTF-16 units, items, or 1. */
export function estimateSize(value: Value): number {
  const text = textOf(value);
  if (text !== null) return text.length;
  if (isList(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  return value instanceof Dict ? value.size : value instanceof View ? value.dict.size : 1;
}

/** Code points of a text: what Python counts. */
export function countCodePoints(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at++) {
    if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) pairs++;
  }
  return text.length - pairs;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** The items of a value in a `for`, null where it can't be iterated over; an undefined value has none. */
export function iterate(value: Value): Iterable<Value> | null {
  const text = textOf(value);
  if (text !== null) return text;
  if (isList(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.entries().map(([key]) => key);
  if (value instanceof View || value instanceof Range) return value.items();
  if (value instanceof Stream) return { [Symbol.iterator]: () => ({ next: () => value.iterator.next() }) };
  if (value instanceof Undefined) return [];
  return value instanceof Host ? value.parts.items?.() ?? null : null;
}

/** The items of a value one by one: what is not taken of a generator stays in it. Throws where it has none. */
export function iterateValue(value: Value): Iterable<Value> {
  const items = iterate(value);
  if (items === null) throw new Error(`'${typeNameOf(value)}' object is not iterable`);
  return items;
}

/** All items of a value. Throws where it has none. */
export function itemsOf(value: Value): Value[] {
  const text = textOf(value);
  if (text !== null) checkItems(countCodePoints(text)); // before there is an object for each
  return [...iterateValue(value)];
}

/** A value, or what `make` gives where there is none: `??` would take None for none. */
export function withFallback(value: Value | undefined, make: () => Value): Value {
  return value === undefined ? make() : value;
}

/** Plain data as a template's value: integers are int, other numbers float, Number objects float; keys as they were
 * written. */
export function toValue(data: unknown): Value {
  if (typeof data === "number") {
    return Number.isSafeInteger(data) && !Object.is(data, -0) ? BigInt(data) : data;
  }
  if (data instanceof Number) return data.valueOf();
  if (data === null || data === undefined) return null;
  if (Array.isArray(data)) return data.map(toValue);
  if (typeof data !== "object") return data as Value;
  return new Dict(Object.entries(data).map(([key, value]) => [unmarkKey(key), toValue(value)] as const));
}
