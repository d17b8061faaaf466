// Loops over a vocabulary in the processor's vector instructions, which JavaScript has no words for. exp over 49,152
// logits took 0.14 ms where a loop of JavaScript took 0.27 once it was compiled, and 1.3 to 1.8 in the first clicks
// (Xeon, 30 Nov 2026, other work beside). The code is kernel_code.ts. Each thread that makes distributions has a
// memory of its own, in which nothing outlives a call: 64 KB, then what the longest row took with its results.
import { KERNEL_BYTES } from "./kernel_bytes.ts";
import { RESULTS, ROW } from "./layout.ts";

type Weigh = (from: number, end: number, largest: number, factor: number, to: number) => void;

/** What kernel_code.ts says of each. */
interface Kernels {
  sumSingles: Weigh;
  weighSingles: Weigh;
  sumDoubles: Weigh;
  weighDoubles: Weigh;
  exp(x: number): number;
  scanSingles(from: number, end: number): void;
  listSingles(from: number, end: number, edge: number, to: number, last: number): number;
}

/** Values that are taken at once. */
const LANES = 4;
const PAGE_BYTES = 2 ** 16;

const memory = /* @__PURE__ */ new WebAssembly.Memory({ initial: 1 });
const kernels = /* @__PURE__ */ startKernels(memory);

function startKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(Uint8Array.fromBase64(KERNEL_BYTES));
  return new WebAssembly.Instance(module, { memory: { memory } }).exports as unknown as Kernels;
}

/** Sums over tokens: of w = exp((logit - largest) * factor), and of w times what the exponent lacks to 0. */
export interface WeightSums {
  readonly sum: number;
  readonly weighted: number;
}

/** The row that lies in the memory, of those that do not change any more: a click reads one four times, and to copy it
 * took as long as to look through it. */
const placed = /* @__PURE__ */ new WeakMap<WebAssembly.Memory, Float32Array>();

/** Whose weights were left in the memory last, where nothing was written there since. */
const left = /* @__PURE__ */ new WeakMap<WebAssembly.Memory, WeightSums>();

interface WeighOptions {
  /** No value is above it. */
  readonly largest: number;
  /** Above 0. */
  readonly factor: number;
  /** Places whose values weigh nothing. */
  readonly without: ArrayLike<number>;
}

/** What the values of a row weigh; -Infinity weighs nothing. `leaves`: each weight is left in the memory, for
 * `takeWeights`. */
export function weighRow(
  values: Float32Array | Float64Array,
  { largest, factor, without }: WeighOptions,
  { leaves = false } = {},
): WeightSums {
  if (values.length === 0) return { sum: 0, weighted: 0 };
  const { row, from, end } = placeRow(values, -Infinity, leaves ? Float64Array.BYTES_PER_ELEMENT : 0);
  for (let at = 0; at < without.length; at++) row[without[at]!] = -Infinity;
  const [sums, weighs] = values instanceof Float32Array
    ? [kernels.sumSingles, kernels.weighSingles]
    : [kernels.sumDoubles, kernels.weighDoubles];
  (leaves ? weighs : sums)(from, end, largest, factor, end);
  for (let at = 0; at < without.length; at++) row[without[at]!] = values[without[at]!]!;
  const [sum, more, weighted, moreWeighted] = new Float64Array(memory.buffer, RESULTS, 4);
  const found = { sum: sum! + more!, weighted: weighted! + moreWeighted! };
  if (leaves) left.set(memory, found);
  return found;
}

/** Each weight that the call of `weighRow` left which has given `sums`; null where they are gone. */
export function takeWeights(values: Float32Array | Float64Array, sums: WeightSums): Float64Array | null {
  if (values.length === 0) return new Float64Array(0);
  if (left.get(memory) !== sums) return null;
  return new Float64Array(memory.buffer, placeOf(values).end, values.length).slice();
}

/** exp(x) for x of 0 or less, digit for digit as `weighRow` has it; within one unit of the last place. */
export function expOfNegative(x: number): number {
  return kernels.exp(x);
}

/** The largest of a row, and how many of it are -Infinity; null where one is NaN. `stays`: the row does not change any
 * more. */
export function scanRow(
  row: Float32Array,
  { stays = false } = {},
): { readonly largest: number; readonly gone: number } | null {
  if (row.length === 0) return { largest: -Infinity, gone: 0 };
  const { from, end } = placeRow(row, -Infinity, 0);
  if (stays && from === ROW) placed.set(memory, row);
  kernels.scanSingles(from, end);
  const counts = new Int32Array(memory.buffer, RESULTS + 16, 2 * LANES);
  if (counts.subarray(LANES).some((mark) => mark !== 0)) return null;
  const added = (end - from) / row.BYTES_PER_ELEMENT - row.length;
  const gone = counts.subarray(0, LANES).reduce((sum, count) => sum + count, 0) - added;
  return { largest: Math.max(...new Float32Array(memory.buffer, RESULTS, LANES)) + 0, gone }; // no minus zero
}

/** Rising ids of the values that are at least `edge`, a single; null where there are more than `most`. */
export function listAtLeast(row: Float32Array, edge: number, most: number): Int32Array | null {
  if (row.length === 0) return new Int32Array(0);
  const length = Math.min(most, row.length);
  const { from, end } = placeRow(row, NaN, Int32Array.BYTES_PER_ELEMENT);
  const last = kernels.listSingles(from, end, edge, end, end + length * Int32Array.BYTES_PER_ELEMENT);
  if (last === 0) return null;
  const ids = new Int32Array(memory.buffer, end, (last - end) / Int32Array.BYTES_PER_ELEMENT);
  return ids.slice();
}

/** A short row does not push out the one that lies in the memory: it goes behind it. */
const SHORT_SHARE = 1 / 4;

/** Has a row lie in the memory, filled up with `padding`: where it begins and ends. Behind it there is room for as many
 * results of `resultBytes` each. */
function placeRow(values: Float32Array | Float64Array, padding: number, resultBytes: number) {
  left.delete(memory);
  const { from, length, end } = placeOf(values);
  const missing = end + length * resultBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  const row = values instanceof Float32Array
    ? new Float32Array(memory.buffer, from, length)
    : new Float64Array(memory.buffer, from, length);
  if (placed.get(memory) !== values) {
    if (from === ROW) placed.delete(memory);
    row.set(values);
  }
  row.fill(padding, values.length);
  return { row, from, end };
}

/** Where a row goes, and how long it is as whole lanes. */
function placeOf(values: Float32Array | Float64Array) {
  const kept = placed.get(memory);
  const goesBehind = kept !== undefined && kept !== values && values.length <= SHORT_SHARE * kept.length;
  const from = ROW + (goesBehind ? padLength(kept.length) * kept.BYTES_PER_ELEMENT : 0);
  const length = padLength(values.length);
  return { from, length, end: from + length * values.BYTES_PER_ELEMENT };
}

/** As many values as whole lanes hold. */
function padLength(length: number): number {
  return Math.ceil(length / LANES) * LANES;
}
