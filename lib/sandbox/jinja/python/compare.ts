// Python's comparisons: ==, <, in, and what sorting is made of.
import { countCodePoints, iterate } from "./collections.ts";
import {
  Dict,
  isList,
  Namespace,
  Range,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
  View,
} from "./values.ts";

/** A number of Python's, a boolean as 0 or 1; null for other values. */
export function numberOf(value: Value): bigint | number | null {
  if (typeof value === "boolean") return BigInt(value);
  return typeof value === "bigint" || typeof value === "number" ? value : null;
}

/** a == b: numbers and booleans by value, lists and dicts by their items, everything else by type and value. */
export function isEqual(a: Value, b: Value): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  // deno-lint-ignore eqeqeq -- a bigint and a number compare by value
  if (left !== null && right !== null) return left == right;
  const text = textOf(a);
  if (text !== null) return text === textOf(b);
  if (isList(a)) return isList(b) && haveSameItems(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && haveSameItems(a.items, b.items);
  if (a instanceof Dict) return b instanceof Dict && haveSameEntries(a, b);
  if (a instanceof Range) return b instanceof Range && haveSameItems(a.items(), b.items());
  if (a instanceof View) return b instanceof View && a.kind !== "values" && haveSameMembers(a, b);
  if (a instanceof Undefined) return b instanceof Undefined;
  return a === b;
}

function haveSameItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, i) => isEqual(item, b[i]!));
}

function haveSameEntries(a: Dict, b: Dict): boolean {
  return a.size === b.size && a.entries().every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && isEqual(value, other);
  });
}

function haveSameMembers(a: View, b: View): boolean {
  return a.dict.size === b.dict.size && a.items().every((item) => contains(b, item));
}

/** item in container. Throws where Python does: in a str for what is none, and in what holds nothing. */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== null) {
    const part = textOf(item);
    if (part !== null) return text.includes(part);
    if (item instanceof Undefined) throw new Error(item.message);
    throw new Error(`'in <string>' requires string as left operand, not ${typeNameOf(item)}`);
  }
  if (container instanceof Dict) return container.get(item) !== undefined;
  const items = container instanceof Namespace ? null : iterate(container);
  if (items === null) throw new Error(`argument of type '${typeNameOf(container)}' is not iterable`);
  for (const one of items) if (isEqual(one, item)) return true;
  return false;
}

/** Negative, 0 or positive where values have an order: numbers, texts (by code points), lists, tuples. NaN where
 * neither is less. Throws for others. */
export function compareValues(a: Value, b: Value, operator = "<"): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  // deno-lint-ignore eqeqeq -- a bigint and a number compare by value
  if (left !== null && right !== null) return left < right ? -1 : left > right ? 1 : left == right ? 0 : NaN;
  const [text, other] = [textOf(a), textOf(b)];
  if (text !== null && other !== null) return compareTexts(text, other);
  if (isList(a) && isList(b)) return compareLists(a, b, operator);
  if (a instanceof Tuple && b instanceof Tuple) return compareLists(a.items, b.items, operator);
  for (const value of [a, b]) if (value instanceof Undefined) throw new Error(value.message);
  throw new Error(
    `'${operator}' not supported between instances of '${typeNameOf(a)}' and '${typeNameOf(b)}'`,
  );
}

function compareLists(a: readonly Value[], b: readonly Value[], operator: string): number {
  for (const [i, item] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (!isEqual(item, other)) return compareValues(item, other, operator);
  }
  return a.length - b.length;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === a.length || at === b.length) return countCodePoints(a) - countCodePoints(b);
  // Inside a pair the first half decides: compare whole code points.
  const start = at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at - 1 : at;
  return a.codePointAt(start)! - b.codePointAt(start)!;
}

/** sorted(items, key=key, reverse=reverse). */
export function sortValues(
  items: readonly Value[],
  key: (item: Value) => Value,
  reverse: boolean,
): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const direction = reverse ? -1 : 1;
  keyed.sort((a, b) => direction * (compareValues(a.key, b.key) || 0));
  return keyed.map(({ item }) => item);
}
