// The tensors that a run hands to the next one: found among a graph's inputs and outputs, and measured.
import { fault } from "../fault.ts";
import { countElements } from "../ort/tensor.ts";
import type { TensorInfo } from "../ort/types.ts";
import { type CachePlace, dimensionOf, holdsKeys, readCachePlace, readConfigNumber } from "./naming.ts";
import type { CacheSlot } from "./types.ts";

/** One slot for each input that is named as a cache; keys before values, layer by layer.
 *
 * `config` is the parsed config.json. Throws a `model_failed` fault that names the cache that cannot be kept. */
export function findSlots(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  config: unknown,
): CacheSlot[] {
  const pasts = inputs.flatMap((info) => {
    const place = readCachePlace(info);
    return place === null ? [] : [{ info, place }];
  });
  const presents = findPresentsByName(pasts, outputs) ?? findPresentsInOrder(pasts, outputs);
  const pairs = pasts.map(({ info, place }, index) => ({ info, place, present: presents[index]! }));
  // By code units: the order of a language takes 7 ms to read.
  pairs.sort(({ place: a }, { place: b }) =>
    a.layer - b.layer || (a.role < b.role ? -1 : Number(a.role > b.role))
  );
  return pairs.map(({ info, place, present }) => slotOf(info, present, place, config));
}

/** An input that is named as a cache. */
interface NamedPast {
  readonly info: TensorInfo;
  readonly place: CachePlace;
}

/** What each past becomes: the output that is named as it is; null where there is none for one of them. */
function findPresentsByName(
  pasts: readonly NamedPast[],
  outputs: readonly TensorInfo[],
): TensorInfo[] | null {
  const named = new Map(outputs.flatMap((info) => {
    const place = readCachePlace(info);
    return place === null ? [] : [[keyOf(place), info] as const];
  }));
  const found = pasts.flatMap(({ place }) => named.get(keyOf(place)) ?? []);
  return found.length === pasts.length ? found : null;
}

/** What each past becomes where outputs have other names (torch's "getitem_3", "cat_7"): the one at its place among
 * those that are like the pasts, if there are as many. The first runs show whether that is so (trial.ts). */
function findPresentsInOrder(pasts: readonly NamedPast[], outputs: readonly TensorInfo[]): TensorInfo[] {
  const like = outputs.filter(({ type, shape }) =>
    pasts.some(({ info }) => info.type === type && info.shape.length === shape.length && shape.length > 3)
  );
  if (like.length === pasts.length) return like;
  const name = pasts.find(({ place }) =>
    !outputs.some((info) => {
      const other = readCachePlace(info);
      return other !== null && keyOf(other) === keyOf(place);
    })
  )!.info.name;
  throw fault("model_failed", `The graph reads the cache "${name}" but no output holds its next state.`);
}

function keyOf({ layer, role }: CachePlace): string {
  return `${layer} ${role}`;
}

function slotOf(past: TensorInfo, present: TensorInfo, { role }: CachePlace, config: unknown): CacheSlot {
  if (present.type !== past.type) {
    throw fault("model_failed", `"${past.name}" holds ${past.type} but "${present.name}" ${present.type}.`);
  }
  if (past.type !== "float32" && past.type !== "float16") {
    throw fault(
      "model_failed",
      `The cache holds ${past.type} ("${past.name}"); only float32 and float16 caches can run.`,
    );
  }
  if (past.shape.length === 0) {
    throw fault("model_failed", `The graph does not say which shape its cache "${past.name}" has.`);
  }
  const batchAxis = batchAxisOf(past);
  const tokensAxis = tokensAxisOf(past, present, role, batchAxis);
  const dims = past.shape.map((_, axis) => {
    if (axis === tokensAxis) return "tokens";
    const size = dimensionOf(past, axis) ?? dimensionOf(present, axis) ??
      (axis === batchAxis ? rowsOfBatch(past, axis, config) : readConfigSize(past, axis, config));
    if (size !== null && Number.isInteger(size)) return size;
    throw fault(
      "model_failed",
      `Neither the shape of "${past.name}" nor config.json says how many key-value heads of what size it holds.`,
    );
  });
  return { input: past.name, output: present.name, type: past.type, dims, batchAxis };
}

/** The axis of the texts: the one that says so; else the second of keys and values in one tensor, or the first. */
function batchAxisOf({ shape }: TensorInfo): number {
  const named = shape.findIndex((size) => typeof size === "string" && /batch/i.test(size));
  if (named >= 0) return named;
  return shape.length === 5 && shape[0] === 2 ? 1 : 0;
}

/** How often a text is on the axis of the batch: once, or once a head (Bloom: "batch_size x num_heads"). */
function rowsOfBatch({ shape }: TensorInfo, axis: number, config: unknown): number | null {
  return /head/i.test(String(shape[axis])) ? readHeadCount(config) : 1;
}

/** Sizes of [batch, heads, tokens, head size] where the graph leaves them open. */
function readConfigSize({ shape }: TensorInfo, axis: number, config: unknown): number | null {
  if (shape.length !== 4) return null;
  const heads = readHeadCount(config);
  if (axis === 1) return readConfigNumber(config, "num_key_value_heads", "num_kv_heads") ?? heads;
  const hidden = readConfigNumber(config, "hidden_size", "n_embd", "d_model");
  return readConfigNumber(config, "head_dim") ?? (hidden !== null && heads !== null ? hidden / heads : null);
}

function readHeadCount(config: unknown): number | null {
  return readConfigNumber(config, "num_attention_heads", "n_head", "num_heads");
}

/** The axis that grows with the tokens, or null for a state of fixed size. */
function tokensAxisOf(
  past: TensorInfo,
  present: TensorInfo,
  role: string,
  batchAxis: number,
): number | null {
  const open = past.shape.flatMap((size, axis) =>
    typeof size === "string" && axis !== batchAxis ? [axis] : []
  );
  const named = open.filter((axis) => /past|seq|len|token|total|time/i.test(String(past.shape[axis])));
  if (named.length === 1) return named[0]!;
  const keys = holdsKeys(role);
  if (open.length === 0) {
    if (!keys) return null;
    throw fault(
      "model_failed",
      `The cache "${past.name}" has room for a fixed number of tokens (its shape is ${
        past.shape.join(" × ")
      }), ` +
        "which cannot run here; export the model with a cache that grows.",
    );
  }
  if (keys && past.shape.length === 4 && open.includes(2)) return 2;
  if (keys && open.length === 1) return open[0]!;
  throw fault(
    "model_failed",
    `The shapes of "${past.name}" (${
      past.shape.join(" × ")
    }) and "${present.name}" do not say which axis counts tokens.`,
  );
}

/** The tensor's dimensions for `batch` texts of `tokens` each. */
export function slotDimsOf({ dims, batchAxis }: CacheSlot, tokens: number, batch = 1): number[] {
  return dims.map((size, axis) => (size === "tokens" ? tokens : size) * (axis === batchAxis ? batch : 1));
}

/** A slot's elements for one text: `rows` runs of `width` for each token, or one run of `width` where it is a state. */
export function slotRowsOf({ dims }: CacheSlot): { rows: number; width: number; grows: boolean } {
  const axis = dims.indexOf("tokens");
  const product = (sizes: CacheSlot["dims"]) => sizes.reduce<number>((all, size) => all * Number(size), 1);
  if (axis < 0) return { rows: 1, width: product(dims), grows: false };
  return { rows: product(dims.slice(0, axis)), width: product(dims.slice(axis + 1)), grows: true };
}

/** Whether what a slot keeps of a text can be cut back to the text's beginning. */
export function growsWithTokens(slots: readonly CacheSlot[]): boolean {
  return slots.every(({ dims }) => dims.includes("tokens"));
}

/** Throws an `inference_failed` fault where a run made a cache of `found` elements and not of as many as `tokens`
 * take. */
export function checkCacheSize(slot: CacheSlot, tokens: number, found: number | undefined, batch = 1): void {
  const expected = countElements(slotDimsOf(slot, tokens, batch));
  if (found === expected) return;
  const why = found !== undefined && found > expected
    ? "its shape does not say which axis counts tokens, and another one than we took it for does."
    : "it keeps no more than a part of a text (a sliding window, or the last tokens alone), which cannot run here " +
      "beyond that.";
  throw fault(
    "inference_failed",
    `The model's cache "${slot.output}" holds ${found} values after ${tokens} tokens, not ${expected}: ${why}`,
  );
}
