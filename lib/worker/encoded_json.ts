// JSON as UTF-8, written part by part, so that an answer of a hundred megabytes is never one string and others get
// their turn between.
import { concat } from "../basics/concat.ts";
import type { Sliced } from "../decode/types.ts";
import type { EncodedJson } from "../protocol/jobs.ts";

/** Values that one part holds: about a megabyte. */
const PART_VALUES = 2 ** 16;
/** Parts that are written in one slice. */
const SLICE_PARTS = 4;
/** How deep values are counted: the tokens of a distribution of one token of a step. */
const DEPTH = 4;

/** As `slices`, its value as JSON. Bytes are JSON already. */
export async function* encodeInSlices(slices: Sliced<unknown>): Sliced<EncodedJson> {
  const value = yield* slices;
  if (value instanceof Uint8Array) return value as EncodedJson;
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const text of writeParts(value)) {
    parts.push(encoder.encode(text));
    if (parts.length % SLICE_PARTS === 0) yield { done: parts.length, total: parts.length + 1 };
  }
  return concat(Uint8Array, parts) as EncodedJson;
}

/** The parts of the JSON of plain data, of about `PART_VALUES` each. */
function* writeParts(value: unknown): Generator<string> {
  if (countValues(value) <= PART_VALUES) return yield JSON.stringify(value);
  if (Array.isArray(value)) return yield* writeList(value);
  let before = "{";
  for (const [key, item] of Object.entries(value as object)) {
    if (item === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* writeParts(item);
    before = ",";
  }
  yield "}";
}

function* writeList(list: readonly unknown[]): Generator<string> {
  yield "[";
  for (let start = 0, end = 0; start < list.length; start = end) {
    if (start > 0) yield ",";
    let values = 0;
    do values += countValues(list[end++]); while (end < list.length && values < PART_VALUES);
    if (end === start + 1) yield* writeParts(list[start]);
    else yield JSON.stringify(list.slice(start, end)).slice(1, -1);
  }
  yield "]";
}

/** How many values there are in a value; lists of very many, or deep down, count by their length alone. */
function countValues(value: unknown, depth = DEPTH): number {
  if (typeof value !== "object" || value === null) return 1;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  if (depth === 0 || items.length > PART_VALUES) return items.length;
  return items.reduce<number>((sum, item) => sum + countValues(item, depth - 1), 1);
}
