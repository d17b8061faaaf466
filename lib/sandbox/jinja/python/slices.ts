// Python's indices and slices.
import { countOf } from "./numbers.ts";
import { isList, Range, textOf, Tuple, type Value } from "./values.ts";

/** Start, stop and step of a slice; null where it says nothing. */
export interface SliceParts {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** One bound of a section of `length` items: negative ones count from the end. */
export function resolveBound(value: Value | undefined, fallback: number, length: number): number {
  if (value === undefined || value === null) return fallback;
  const at = countOf(value);
  return Math.max(0, Math.min(at < 0 ? at + length : at, length));
}

/** Where a slice of `length` items begins and ends, and its step: Python's slice.indices. */
function findBounds(
  { start, stop, step }: SliceParts,
  length: number,
): { from: number; to: number; by: number } {
  const by = step ?? 1;
  if (by === 0) throw new Error("slice step cannot be zero");
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const clamp = (at: number | null, fallback: number) =>
    at === null ? fallback : Math.max(lowest, Math.min(at < 0 ? at + length : at, highest));
  const [first, last] = by > 0 ? [lowest, highest] : [highest, lowest];
  return { from: clamp(start, first), to: clamp(stop, last), by };
}

/** The indices that a slice of `length` items takes. */
function listIndices(parts: SliceParts, length: number): number[] {
  const { from, to, by } = findBounds(parts, length);
  const count = Math.max(Math.ceil((to - from) / by), 0);
  return Array.from({ length: count }, (_, i) => from + i * by);
}

/** value[start:stop:step], or null where the value is no sequence. */
export function slice(value: Value, parts: SliceParts): Value | null {
  const text = textOf(value);
  if (text !== null) {
    const all = Array.from(text);
    return listIndices(parts, all.length).map((at) => all[at]).join("");
  }
  if (isList(value)) return listIndices(parts, value.length).map((at) => value[at]!);
  if (value instanceof Tuple) {
    return new Tuple(listIndices(parts, value.items.length).map((at) => value.items[at]!));
  }
  if (!(value instanceof Range)) return null;
  const { from, to, by } = findBounds(parts, value.length);
  return new Range(value.at(from), value.at(to), value.step * BigInt(by));
}

/** value[index], undefined where there is no such item. */
export function findItemAt(value: Value, index: Value): Value | undefined {
  const text = textOf(value);
  const all = text !== null
    ? Array.from(text)
    : value instanceof Tuple
    ? value.items
    : value instanceof Range
    ? value.items()
    : isList(value)
    ? value
    : [];
  return all.at(countOf(index));
}
