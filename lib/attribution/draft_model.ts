// A language model's graph, ready to be extended, and what a run of it is fed over a whole context, without a cache.
import { basename, dirname } from "node:path";
import { TensorProto_DataType as DataType, type ValueInfoProto } from "onnx-buf";
import { fault } from "../fault.ts";
import { cutLogits, hasKeepInput } from "../onnx/cut.ts";
import { GraphDraft } from "../onnx/graph_draft.ts";
import { readGraphFile } from "../onnx/graph_file.ts";
import { dimensionsOf, elementType } from "../onnx/graph_values.ts";
import { findLayout } from "../runners/layout.ts";
import { elementCount } from "../ort/tensor.ts";
import { NO_EDIT } from "../onnx/splice.ts";
import type { ElementType, Tensor, TensorInfo } from "../ort/types.ts";
import type { LmLayout } from "../runners/types.ts";
import { checkWeightFiles, weightFiles } from "../onnx/weight_files.ts";

/** A language model's graph and how it is wired. */
export interface DraftModel {
  readonly draft: GraphDraft;
  readonly layout: LmLayout;
}

/** Reads the model file at `path` and cuts its logits where it has no input for how many to keep, as `prepareGraph`
 * does. `config`: the parsed config.json. `prefix`: of every name that is added. Throws a `model_failed` fault where a
 * file is missing or damaged, or the graph is no language model. */
export async function draftModel(path: string, config: unknown, prefix: string): Promise<DraftModel> {
  const file = await readGraphFile(path);
  await checkWeightFiles(basename(path), dirname(path), weightFiles(file.graph));
  const edit = hasKeepInput(file.graph) ? null : cutLogits(file.graph);
  const draft = new GraphDraft(file, { edit: edit ?? NO_EDIT, prefix });
  return { draft, layout: findLayout(draft.inputs.map(described), draft.outputs.map(described), config) };
}

/** Keys and values of the tokens before those that are fed, by the names of their inputs. */
export interface Past {
  readonly length: number; // tokens
  readonly tensors: Readonly<Record<string, Tensor>>;
}

const NO_PAST: Past = { length: 0, tensors: {} };

export interface FeedOptions {
  readonly batch?: number;
  readonly keep?: number;
  readonly past?: Past;
}

/** The model's own inputs for contexts of equal length, by default behind an empty cache: `ids` [batch][length],
 * row-major.
 *
 * `inputs` are those of the open graph; `keep` is how many last positions get logits (0 = all). */
export function contextFeeds(
  inputs: readonly TensorInfo[],
  layout: LmLayout,
  ids: readonly number[],
  { batch = 1, keep = 1, past = NO_PAST }: FeedOptions = {},
): Record<string, Tensor> {
  const length = ids.length / batch;
  const feeds: Record<string, Tensor> = {};
  const feed = (name: string | null, dims: (rank: number) => number[], at: (index: number) => number) => {
    const info = inputs.find((input) => input.name === name);
    if (info !== undefined) feeds[info.name] = integers(info, dims(info.shape.length), at);
  };
  feed(layout.inputIds, () => [batch, length], (index) => ids[index] ?? 0);
  feed(layout.attentionMask, () => [batch, past.length + length], () => 1);
  feed(layout.positionIds, () => [batch, length], (index) => past.length + index % length);
  feed(layout.keep, (rank) => rank === 0 ? [] : [1], () => keep);
  for (const slot of layout.slots) {
    const type = inputs.find((input) => input.name === slot.input)?.type;
    if (type === undefined) continue;
    const data = type === "float16" ? new Uint16Array(0) : new Float32Array(0);
    const empty: Tensor = { type, dims: [batch, slot.kvHeads, 0, slot.headDim], data };
    feeds[slot.input] = past.length === 0 ? empty : past.tensors[slot.input]!;
  }
  return feeds;
}

function integers({ type }: TensorInfo, dims: readonly number[], at: (index: number) => number): Tensor {
  const count = elementCount(dims);
  const data = type === "int64"
    ? BigInt64Array.from({ length: count }, (_, index) => BigInt(at(index)))
    : Int32Array.from({ length: count }, (_, index) => at(index));
  return { type, dims, data };
}

const TYPES: ReadonlyMap<DataType, ElementType> = new Map([
  [DataType.FLOAT, "float32"],
  [DataType.FLOAT16, "float16"],
  [DataType.INT64, "int64"],
  [DataType.INT32, "int32"],
  [DataType.INT8, "int8"],
  [DataType.UINT8, "uint8"],
  [DataType.BOOL, "bool"],
]);

function described(info: ValueInfoProto): TensorInfo {
  const type = TYPES.get(elementType(info) ?? DataType.UNDEFINED);
  const shape = dimensionsOf(info);
  if (type === undefined || shape === null) {
    throw fault("model_failed", `The graph does not say of what type and shape "${info.name}" is.`);
  }
  return { name: info.name, type, shape };
}
