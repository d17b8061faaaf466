// What a language model's graph is fed with and what it gives back, as JavaScript tensors.
import { countElements } from "../../ort/tensor.ts";
import type { Tensor } from "../../ort/types.ts";
import { checkLogitsSize } from "../finite.ts";
import { createIntegerTensor } from "../integers.ts";
import { checkCacheSize, growsWithTokens, slotDimsOf, slotRowsOf } from "../slots.ts";
import type { CacheSlot, LmLayout } from "../types.ts";

/** The keys, values and states of `length` tokens; for graphs without a cache the tokens themselves. Never written
 * to. */
export interface Past {
  readonly length: number;
  readonly caches: readonly Tensor[]; // one for each slot
  readonly history: readonly number[]; // empty where there is a cache
}

/** The past of no tokens: caches of length 0, states of zeros. */
export function createEmptyPast(layout: LmLayout): Past {
  return { length: 0, caches: layout.slots.map((slot) => createCache(slot, 0)), history: [] };
}

/** The first `length` tokens. Throws a RangeError where there are fewer, or a state cannot be cut. */
export function cutPast(layout: LmLayout, past: Past, length: number): Past {
  if (!Number.isInteger(length) || length < 0 || length > past.length) {
    throw new RangeError(`Expected a length from 0 to ${past.length} but found ${length}.`);
  }
  if (length === past.length) return past;
  if (!growsWithTokens(layout.slots)) {
    throw new RangeError("A state of fixed size cannot be cut back to fewer tokens.");
  }
  const caches = past.caches.map((whole, index) => {
    const slot = layout.slots[index]!;
    const { rows, width } = slotRowsOf(slot);
    const cut = createCache(slot, length);
    for (let row = 0; row < rows; row++) { // the tokens of one row are contiguous
      const from = row * past.length * width;
      cut.data.set(whole.data.subarray(from, from + length * width) as never, row * length * width);
    }
    return cut;
  });
  return { length, caches, history: past.history.slice(0, length) };
}

/** Bytes of memory that a past keeps alive. */
export function countPastBytes(past: Past): number {
  const caches = past.caches.reduce((sum, { data }) => sum + data.byteLength, 0);
  return caches + past.history.length * BigInt64Array.BYTES_PER_ELEMENT;
}

/** Inputs of the run that appends `ids` to `past` and gives the logits of the last `logitsToKeep` positions. */
export function createFeeds(
  layout: LmLayout,
  past: Past,
  ids: readonly number[],
  logitsToKeep: number,
): Record<string, Tensor> {
  const fed = {
    batch: 1,
    past: past.length - past.history.length,
    ids: [...past.history, ...ids],
    logitsToKeep,
  };
  const feeds: Record<string, Tensor> = {};
  for (const input of layout.integers) feeds[input.name] = createIntegerTensor(input, fed);
  layout.slots.forEach((slot, index) => {
    const tensor = past.caches[index];
    if (tensor !== undefined) feeds[slot.input] = tensor;
  });
  return feeds;
}

/** The past with `ids` appended, from the results of their run. */
export function presentOf(
  layout: LmLayout,
  past: Past,
  ids: readonly number[],
  results: Readonly<Record<string, Tensor>>,
): Past {
  const length = past.length + ids.length;
  const caches = layout.slots.map((slot) => {
    const tensor = results[slot.output];
    checkCacheSize(slot, length, tensor?.data.length);
    return tensor!;
  });
  return { length, caches, history: layout.slots.length === 0 ? [...past.history, ...ids] : [] };
}

/** The rows of logits of a run, as float32. */
export function readLogits(
  results: Readonly<Record<string, Tensor>>,
  layout: LmLayout,
  rows: number,
): Float32Array {
  const { data } = results[layout.logits.name]!;
  checkLogitsSize(data.length, rows, layout.vocabSize);
  if (data instanceof Float32Array) return data;
  return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
}

function createCache(slot: CacheSlot, tokens: number): Tensor {
  const dims = slotDimsOf(slot, tokens);
  const size = countElements(dims);
  const data = slot.type === "float16" ? new Uint16Array(size) : new Float32Array(size);
  return { type: slot.type, dims, data };
}
