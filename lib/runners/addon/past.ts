// What a language model's graph is fed with and what it gives back, as JavaScript tensors.
import { fault } from "../../fault.ts";
import type { Graph, Tensor } from "../../ort/types.ts";
import type { LmLayout } from "../types.ts";

/** The keys and values of `length` tokens; for graphs without a cache the tokens themselves. Never written to. */
export interface Past {
  readonly length: number;
  readonly caches: readonly Tensor[]; // one for each slot, [1, kvHeads, length, headDim]
  readonly history: readonly number[]; // empty where there is a cache
}

/** The past of no tokens: caches of length 0. */
export function emptyPast(layout: LmLayout): Past {
  const caches = layout.slots.map(({ kvHeads, headDim }) => cache(layout, [1, kvHeads, 0, headDim]));
  return { length: 0, caches, history: [] };
}

/** The first `length` tokens. Throws a RangeError where there are fewer. */
export function cutPast(layout: LmLayout, past: Past, length: number): Past {
  if (!Number.isInteger(length) || length < 0 || length > past.length) {
    throw new RangeError(`Expected a length from 0 to ${past.length} but found ${length}.`);
  }
  if (length === past.length) return past;
  const caches = past.caches.map((whole, index) => {
    const { kvHeads = 0, headDim = 0 } = layout.slots[index] ?? {};
    const cut = cache(layout, [1, kvHeads, length, headDim]);
    for (let head = 0; head < kvHeads; head++) { // tokens are contiguous within a head
      const from = head * past.length * headDim;
      cut.data.set(whole.data.subarray(from, from + length * headDim) as never, head * length * headDim);
    }
    return cut;
  });
  return { length, caches, history: past.history.slice(0, length) };
}

/** Bytes of memory that a past keeps alive. */
export function pastBytes(past: Past): number {
  const caches = past.caches.reduce((sum, { data }) => sum + data.byteLength, 0);
  return caches + past.history.length * BigInt64Array.BYTES_PER_ELEMENT;
}

/** Inputs of the run that appends `ids` to `past` and gives the logits of the last `keep` positions. */
export function feedsFor(
  graph: Graph,
  layout: LmLayout,
  past: Past,
  ids: readonly number[],
  keep: number,
): Record<string, Tensor> {
  const tokens = [...past.history, ...ids];
  const first = past.length - past.history.length; // position of tokens[0]
  const total = first + tokens.length;
  const feeds: Record<string, Tensor> = {};
  const feed = (name: string | null, values: readonly number[], dims: readonly number[]) => {
    if (name !== null) feeds[name] = integers(graph, name, values, dims);
  };
  feed(layout.inputIds, tokens, [1, tokens.length]);
  feed(layout.attentionMask, new Array<number>(total).fill(1), [1, total]);
  feed(layout.positionIds, tokens.map((_, index) => first + index), [1, tokens.length]);
  feed(layout.keep, [keep], graph.inputs.find((info) => info.name === layout.keep)?.shape.map(() => 1) ?? []);
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
    const expected = slot.kvHeads * length * slot.headDim;
    if (tensor?.data.length === expected) return tensor;
    throw fault(
      "inference_failed",
      `Expected ${expected} values in "${slot.output}" after ${length} tokens but found ${tensor?.data.length}.`,
    );
  });
  return { length, caches, history: layout.slots.length === 0 ? [...past.history, ...ids] : [] };
}

/** The rows of logits of a run, as float32. */
export function logitsFrom(
  results: Readonly<Record<string, Tensor>>,
  layout: LmLayout,
  rows: number,
): Float32Array {
  const data = results[layout.logits.name]?.data;
  if (data?.length !== rows * layout.vocabSize) {
    throw fault(
      "inference_failed",
      `Expected logits of ${rows} positions x ${layout.vocabSize} tokens but found ${data?.length} values.`,
    );
  }
  if (data instanceof Float32Array) return data;
  return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
}

function cache(layout: LmLayout, dims: readonly number[]): Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = layout.cacheType === "float16" ? new Uint16Array(size) : new Float32Array(size);
  return { type: layout.cacheType, dims, data };
}

/** An integer tensor of the type that the input asks for. */
function integers(graph: Graph, name: string, values: readonly number[], dims: readonly number[]): Tensor {
  const type = graph.inputs.find((info) => info.name === name)?.type;
  if (type === "int32") return { type, dims, data: Int32Array.from(values) };
  if (type === "int64") return { type, dims, data: BigInt64Array.from(values, BigInt) };
  throw fault("model_failed", `Expected "${name}" to hold int64 or int32 but found ${type}.`);
}
