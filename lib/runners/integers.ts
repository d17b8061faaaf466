// The small inputs of a language model's graph: what they are called, and what they hold for tokens behind a past.
import { findOwn } from "../basics/find_own.ts";
import { fault } from "../fault.ts";
import { LOGITS_TO_KEEP_NAMES } from "../onnx/logits_to_keep.ts";
import { countElements, elementBytesOf } from "../ort/tensor.ts";
import type { Tensor, TensorInfo } from "../ort/types.ts";
import type { IntegerInput } from "./types.ts";

/** What a pass feeds. */
export interface FedTokens {
  readonly batch: number;
  readonly past: number; // tokens before those that are fed
  readonly ids: readonly number[]; // [batch, step], row-major
  readonly logitsToKeep: number; // positions at the end whose logits are wanted
}

/** An input's tensor: its dimensions, and its elements in their order. */
export interface Integers {
  readonly dims: readonly number[];
  at(index: number): number;
}

/** What exporters call the places of the tokens that are fed. */
const POSITION_NAMES = ["position_ids", "position_id", "positions", "position", "pos_ids", "input_pos"];

interface Kind {
  readonly ranks: readonly number[];
  /** Some exporters have it as float numbers. */
  readonly floats?: true;
  dims(fed: FedTokens & { readonly step: number }, input: IntegerInput): number[];
  at(index: number, fed: FedTokens & { readonly step: number }): number;
}

const single: Kind["dims"] = (_fed, { rank }) => new Array<number>(rank).fill(1);
const total: Kind["at"] = (_index, { past, step }) => past + step;
const logitsToKeep: Kind = { ranks: [0, 1], dims: single, at: (_index, { logitsToKeep }) => logitsToKeep };

/** Positions of every axis that a model counts (Qwen-VL: time, height, width) are those of the text. */
const positions: Kind = {
  ranks: [1, 2, 3],
  dims: ({ batch, step }, { rank, first }) => [[step], [batch, step], [first, batch, step]][rank - 1] ?? [],
  at: (index, { past, step }) => past + index % step,
};

// Names as the exporters write them: Optimum, transformers.js, onnxruntime-genai.
const KINDS: Readonly<Record<string, Kind>> = {
  input_ids: {
    ranks: [2],
    dims: ({ batch, step }) => [batch, step],
    at: (index, { ids }) => ids[index] ?? 0,
  },
  attention_mask: {
    ranks: [2],
    floats: true,
    dims: ({ batch, past, step }) => [batch, past + step],
    at: () => 1,
  },
  ...Object.fromEntries(POSITION_NAMES.map((name) => [name, positions])),
  cache_position: { ...positions, ranks: [1] },
  token_type_ids: { ranks: [2], dims: ({ batch, step }) => [batch, step], at: () => 0 },
  ...Object.fromEntries(LOGITS_TO_KEEP_NAMES.map((name) => [name, logitsToKeep])),
  use_cache_branch: { ranks: [0, 1], dims: single, at: (_index, { past }) => past > 0 ? 1 : 0 },
  past_sequence_length: { ranks: [0, 1, 2], dims: single, at: (_index, { past }) => past },
  current_sequence_length: { ranks: [0, 1, 2], dims: single, at: (_index, { step }) => step },
  total_sequence_length: { ranks: [0, 1, 2], dims: single, at: total },
  seqlens_k: { ranks: [1], dims: ({ batch }) => [batch], at: (index, fed) => total(index, fed) - 1 },
};

/** The inputs that are known by their names; `oneAtATime`: each run gets one token. Throws a `model_failed` fault for
 * one of another rank or type. */
export function findIntegers(inputs: readonly TensorInfo[], oneAtATime = false): IntegerInput[] {
  return inputs.flatMap((info) => {
    const kind = findOwn(KINDS, info.name);
    return kind === undefined ? [] : [readIntegerInput(info, kind, oneAtATime)];
  });
}

function readIntegerInput({ name, type, shape }: TensorInfo, kind: Kind, oneAtATime: boolean): IntegerInput {
  const { ranks, floats = false } = kind;
  if (!ranks.includes(shape.length)) {
    const wanted = ranks.join(" or ");
    throw fault("model_failed", `Expected "${name}" to have ${wanted} dimensions but found ${shape.length}.`);
  }
  if (type === "int8" || type === "uint8" || !floats && (type === "float32" || type === "float16")) {
    throw fault("model_failed", `Expected "${name}" to hold int64 or int32 but found ${type}.`);
  }
  const [first] = shape;
  const input = { name, type, rank: shape.length, first: typeof first === "number" && first > 0 ? first : 1 };
  refuseFixed(input, shape, kind, oneAtATime);
  return input;
}

/** Throws a `model_failed` fault for an input that has room for one number of texts or tokens other than is fed. */
function refuseFixed(
  input: IntegerInput,
  shape: TensorInfo["shape"],
  { dims }: Kind,
  oneAtATime: boolean,
): void {
  for (const [past, step] of oneAtATime ? [[0, 1], [5, 1]] as const : [[0, 3], [5, 2]] as const) {
    const fed = { batch: 1, past, step, ids: new Array<number>(step).fill(0), logitsToKeep: 1 };
    const wanted = dims(fed, input);
    if (shape.every((size, axis) => typeof size === "string" || size < 1 || size === wanted[axis])) continue;
    throw fault(
      "model_failed",
      `The graph takes "${input.name}" in one size alone (${
        shape.join(" × ")
      }), and no text of any length; export it ` +
        "with axes that are open.",
    );
  }
}

/** The elements of `input`, by index in row-major order, and its dimensions. Throws a TypeError for an input that is no
 * kind of integers. */
export function integersOf(input: IntegerInput, fed: FedTokens): Integers {
  const kind = KINDS[input.name];
  if (kind === undefined) throw new TypeError(`"${input.name}" is no integer input`);
  const all = { ...fed, step: fed.ids.length / fed.batch };
  return { dims: kind.dims(all, input), at: (index) => kind.at(index, all) };
}

/** The numbers of a tensor of this type in `memory`. */
export function viewNumbers(
  type: Exclude<IntegerInput["type"], "int64">,
  memory: ArrayBuffer,
): Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer> {
  switch (type) {
    case "bool":
      return new Uint8Array(memory);
    case "int32":
      return new Int32Array(memory);
    case "float32":
      return new Float32Array(memory);
    case "float16":
      return new Float16Array(memory);
  }
}

/** What `input` holds, in JavaScript memory. */
export function createIntegerTensor(input: IntegerInput, fed: FedTokens): Tensor {
  const { dims, at } = integersOf(input, fed);
  const length = countElements(dims);
  const { type } = input;
  if (type === "int64") {
    return { type, dims, data: BigInt64Array.from({ length }, (_, index) => BigInt(at(index))) };
  }
  const bytes = new ArrayBuffer(length * elementBytesOf(type));
  const numbers = viewNumbers(type, bytes);
  for (let index = 0; index < length; index++) numbers[index] = at(index);
  if (numbers instanceof Float16Array) return { type, dims, data: new Uint16Array(bytes) };
  return { type, dims, data: numbers };
}
