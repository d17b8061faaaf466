// Token ids by falling value, ties by rising id: the one order in which candidates are shown, cut and drawn.
import { listAtLeast } from "../vector/kernels.ts";

/** Values over a vocabulary: logits or probabilities, [vocabulary]. */
export type Values = Float32Array | Float64Array;

/** Below this many, a comparison sort beats four counting passes over 65,536 buckets. */
const COMPARE_BELOW = 4096;

/**
 * Ids of the `k` largest values, falling, ties by rising id; k above the length means all. NaN is not allowed.
 * Linear for small k (one pass over what a sample says may be among them, else a heap of k), a radix sort of everything
 * for large k.
 */
export function topIds(values: Values, k: number): Int32Array {
  const count = Math.max(0, Math.min(Math.floor(k), values.length));
  if (count === 0) return new Int32Array(0);
  if (sortsAll(count, values.length)) {
    return sortDescending(values, listAllIds(values.length)).subarray(0, count);
  }
  const ids = listLikelyLargest(values, count) ?? findLargestIds(values, count);
  return sortDescending(values, ids).subarray(0, count);
}

/** So many of all are wanted that sorting everything costs no more. */
function sortsAll(count: number, length: number): boolean {
  return count * 8 >= length;
}

/** Ids of all values that are at least `floor`, falling, ties by rising id. */
export function listIdsAtLeast(values: Values, floor: number): Int32Array {
  return sortDescending(values, listRisingIds(values, floor));
}

/** The same by rising id. */
export function listRisingIds(values: Values, floor: number): Int32Array {
  let ids = new Int32Array(FEW);
  let count = 0;
  for (let id = 0; id < values.length; id++) {
    if (!(values[id]! >= floor)) continue;
    ids = withRoom(ids, count);
    ids[count++] = id;
  }
  return ids.slice(0, count);
}

/** Rising ids of all values that are at least `floor`, and maybe of some just below. */
export function listAllAtLeast(values: Values, floor: number): Int32Array {
  return values instanceof Float32Array
    ? listAtLeast(values, Math.fround(floor), values.length)!
    : listRisingIds(values, floor);
}

/** Ids that a list has room for at first: an array for all of them costs more than most passes fill. */
export const FEW = 1024;

/** The list, or a longer copy of it where `count` ids fill it. */
export function withRoom(ids: Int32Array<ArrayBuffer>, count: number): Int32Array<ArrayBuffer> {
  if (count < ids.length) return ids;
  const longer = new Int32Array(2 * ids.length);
  longer.set(ids);
  return longer;
}

/**
 * Visits ids by falling value (ties by rising id) until `visit` returns true. Sorts only as far as the walk
 * goes, in growing chunks, so that a walk over the first few hundred of 150,000 tokens costs one pass.
 */
export function walkDescending(values: Values, visit: (id: number, index: number) => boolean): void {
  let next = 0;
  for (let size = 128; next < values.length; size *= 16) {
    const ids = topIds(values, sortsAll(size, values.length) ? values.length : size);
    for (; next < ids.length; next++) if (visit(ids[next]!, next)) return;
  }
}

/** Sorts `ids` (given in rising order) by falling value, keeping the order of ties. Returns ids. */
export function sortDescending(values: Values, ids: Int32Array): Int32Array {
  return ids.length < COMPARE_BELOW ? mergeSort(values, ids) : radixSort(values, ids);
}

/** Ids that are sorted by insertion before runs of them are merged. */
const RUN = 8;

/** Stable. The values are read once and no function compares them: `sort` with one took several times as long. */
function mergeSort(values: Values, ids: Int32Array): Int32Array {
  const n = ids.length;
  let from: Sorted = { ids, keys: new Float64Array(n) };
  let to: Sorted = { ids: new Int32Array(n), keys: new Float64Array(n) };
  for (let at = 0; at < n; at++) insert(from, at - at % RUN, at, ids[at]!, values[ids[at]!]!);
  for (let width = RUN; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      mergeRuns(from, to, start, Math.min(n, start + width), Math.min(n, start + 2 * width));
    }
    [from, to] = [to, from];
  }
  if (from.ids !== ids) ids.set(from.ids);
  return ids;
}

/** Ids and the values of each. */
interface Sorted {
  readonly ids: Int32Array;
  readonly keys: Float64Array;
}

/** Moves what is less than `key` in [first, at) one place on, and puts it before. */
function insert({ ids, keys }: Sorted, first: number, at: number, id: number, key: number): void {
  for (; at > first && keys[at - 1]! < key; at--) {
    ids[at] = ids[at - 1]!;
    keys[at] = keys[at - 1]!;
  }
  ids[at] = id;
  keys[at] = key;
}

/** Writes the runs [start, middle) and [middle, end) as one. */
function mergeRuns(from: Sorted, to: Sorted, start: number, middle: number, end: number): void {
  for (let at = start, a = start, b = middle; at < end; at++) {
    const next = b === end || a < middle && !(from.keys[b]! > from.keys[a]!) ? a++ : b++;
    to.ids[at] = from.ids[next]!;
    to.keys[at] = from.keys[next]!;
  }
}

function listAllIds(length: number): Int32Array {
  const ids = new Int32Array(length);
  for (let id = 0; id < length; id++) ids[id] = id;
  return ids;
}

/** Values that are looked at to guess how large the largest are. */
const SAMPLED = 2048;

/**
 * Some ids in rising order, the `count` largest values' among them: those of all values that are at least as large as
 * one of which a sample of every so many values lets expect twice as many. Null where that guess was wrong: there are
 * fewer, or very many.
 */
export function listLikelyLargest(values: Values, count: number): Int32Array | null {
  const stride = Math.floor(values.length / SAMPLED);
  const expected = count / stride; // of the largest, in the sample
  const place = Math.ceil(expected + 2.5 * Math.sqrt(expected) + 3);
  if (stride < 4 || place * 8 > SAMPLED) return null;
  const sample = new Float64Array(SAMPLED);
  for (let at = 0; at < SAMPLED; at++) sample[at] = values[at * stride]!;
  const edge = sample[findLargestIds(sample, place).reduce((a, b) => sample[b]! < sample[a]! ? b : a)]!;
  const most = 3 * place * stride;
  const ids = values instanceof Float32Array ? listAtLeast(values, edge, most) : listRisingIds(values, edge);
  return ids === null || ids.length < count || ids.length > most ? null : ids;
}

/** The ids of the `count` largest values, in rising order of id; among equal values the lower ids. */
function findLargestIds(values: Values, count: number): Int32Array {
  const heap = new Int32Array(count); // the root is the id to give up next: least value, then highest id
  for (let id = 0; id < count; id++) heap[id] = id;
  for (let at = (count >> 1) - 1; at >= 0; at--) siftDown(values, heap, at);
  let least = values[heap[0]!]!;
  for (let id = count; id < values.length; id++) {
    if (values[id]! <= least) continue;
    heap[0] = id;
    siftDown(values, heap, 0);
    least = values[heap[0]!]!;
  }
  return heap.sort();
}

function siftDown(values: Values, heap: Int32Array, from: number): void {
  const id = heap[from]!;
  const value = values[id]!;
  let at = from;
  while (true) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && goesFirst(values, heap[child + 1]!, heap[child]!)) child++;
    const candidate = heap[child]!;
    if (values[candidate]! > value || (values[candidate]! === value && candidate < id)) break;
    heap[at] = candidate;
    at = child;
  }
  heap[at] = id;
}

function goesFirst(values: Values, a: number, b: number): boolean {
  return values[a]! < values[b]! || (values[a]! === values[b]! && a > b);
}

/** Least significant digit first, four digits of 16 bits, stable; digits that all ids share are skipped. */
function radixSort(values: Values, ids: Int32Array): Int32Array {
  const n = ids.length;
  const digits = new Uint16Array(orderBits(values, ids).buffer); // 4 a value, the lowest first (little endian)
  let from: Int32Array = listAllIds(n);
  let to: Int32Array = new Int32Array(n);
  const starts = new Int32Array(65536);
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0);
    for (let i = digit; i < 4 * n; i += 4) starts[digits[i]!]!++;
    if (starts[digits[digit]!] === n) continue;
    let sum = 0;
    for (let bucket = 0; bucket < 65536; bucket++) {
      const size = starts[bucket]!;
      starts[bucket] = sum;
      sum += size;
    }
    for (let i = 0; i < n; i++) {
      const index = from[i]!;
      const bucket = digits[4 * index + digit]!;
      to[starts[bucket]!] = index;
      starts[bucket]!++;
    }
    [from, to] = [to, from];
  }
  for (let i = 0; i < n; i++) to[i] = ids[from[i]!]!;
  ids.set(to);
  return ids;
}

/**
 * The bits of each double as unsigned numbers whose rising order is the falling order of the doubles: all bits
 * but the sign flipped for positive numbers, none for negative ones (their magnitude already falls).
 */
function orderBits(values: Values, ids: Int32Array): Uint32Array {
  const doubles = new Float64Array(ids.length);
  for (let i = 0; i < ids.length; i++) doubles[i] = values[ids[i]!]! + 0; // + 0: minus zero sorts as zero
  const words = new Uint32Array(doubles.buffer); // low word, high word
  for (let i = 0; i < words.length; i += 2) {
    if (words[i + 1]! >>> 31) continue;
    words[i] = ~words[i]!;
    words[i + 1] = words[i + 1]! ^ 0x7fffffff;
  }
  return words;
}
