// A language model's graph, ready to be extended, and what a run of it is fed over a whole context, without a cache.
import { basename, dirname } from "node:path";
import { TensorProto_DataType as DataType, type ValueInfoProto } from "onnx-buf";
import { fault } from "../fault.ts";
import { readModelGraph } from "../onnx/common_form.ts";
import { cutLogits, hasLogitsToKeep } from "../onnx/cut.ts";
import { GraphDraft } from "../onnx/graph_draft.ts";
import { dimensionsOf, elementTypeOf } from "../onnx/graph_values.ts";
import { createIntegerTensor } from "../runners/integers.ts";
import { findLayout } from "../runners/layout.ts";
import { slotDimsOf } from "../runners/slots.ts";
import { NO_EDIT } from "../onnx/splice.ts";
import type { ElementType, Tensor, TensorInfo } from "../ort/types.ts";
import type { LmLayout } from "../runners/types.ts";
import { checkWeightFiles, listWeightFiles } from "../onnx/weight_files.ts";

/** Tokens up to which the memory of a run is kept for the next: giving it back and taking it again costs a fifth of a
 * gradient's time. A longer one gives it back at its end. */
export const KEPT_TOKENS = 128;

/** A language model's graph and how it is wired. */
export interface DraftModel {
  readonly draft: GraphDraft;
  readonly layout: LmLayout;
}

/** Reads the model file at `path` and cuts its logits where it has no input for how many to keep, as `prepareGraph`
 * does. `config`: the parsed config.json. `prefix`: of every name that is added. Throws a `model_failed` fault where a
 * file is missing or damaged, or the graph is no language model, and an `unsupported` one where its cache is of a kind
 * that nothing here extends. */
export async function draftModel(path: string, config: unknown, prefix: string): Promise<DraftModel> {
  const file = await readModelGraph(path);
  await checkWeightFiles(basename(path), dirname(path), listWeightFiles(file.graph));
  const edit = hasLogitsToKeep(file.graph) ? null : cutLogits(file.graph);
  const draft = new GraphDraft(file, { edit: edit ?? NO_EDIT, prefix });
  const layout = findLayout(draft.inputs.map(describeTensor), draft.outputs.map(describeTensor), config);
  refuseOtherCaches(layout);
  return { draft, layout };
}

/** Throws an `unsupported` fault, naming the input, where the graph keeps more of a text than keys and values by
 * head, or does not take a text at once. */
function refuseOtherCaches({ slots, integers, inputIds, oneAtATime = false }: LmLayout): void {
  if (oneAtATime) {
    const sentence =
      `Attribution needs a graph that takes a text at once, but "${inputIds}" of this one takes one token a run.`;
    throw fault("unsupported", sentence, "method");
  }
  const other = integers.find(({ name }) => name === "use_cache_branch") ??
    slots.find(({ dims, batchAxis }) => dims.length !== 4 || dims[2] !== "tokens" || batchAxis !== 0);
  if (other === undefined) return;
  const name = "input" in other ? other.input : other.name;
  throw fault(
    "unsupported",
    `Attribution needs a graph whose cache is keys and values by head, but this one has the input "${name}".`,
    "method",
  );
}

/** Keys and values of the tokens before those that are fed, by the names of their inputs. */
export interface Past {
  readonly length: number; // tokens
  readonly tensors: Readonly<Record<string, Tensor>>;
}

const NO_PAST: Past = { length: 0, tensors: {} };

export interface FeedOptions {
  readonly batch?: number;
  readonly logitsToKeep?: number;
  readonly past?: Past;
}

/** The model's own inputs for contexts of equal length, by default behind an empty cache: `ids` [batch][length],
 * row-major.
 *
 * `inputs` are those of the open graph; `logitsToKeep` is how many last positions get logits (0 = all). */
export function feedContext(
  inputs: readonly TensorInfo[],
  layout: LmLayout,
  ids: readonly number[],
  { batch = 1, logitsToKeep = 1, past = NO_PAST }: FeedOptions = {},
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of layout.integers) {
    if (!inputs.some(({ name }) => name === input.name)) continue; // a graph that was changed may not read it
    feeds[input.name] = createIntegerTensor(input, { batch, past: past.length, ids, logitsToKeep });
  }
  for (const slot of layout.slots) {
    const type = inputs.find((input) => input.name === slot.input)?.type;
    if (type === undefined) continue;
    const data = type === "float16" ? new Uint16Array(0) : new Float32Array(0);
    const empty: Tensor = { type, dims: slotDimsOf(slot, 0, batch), data };
    feeds[slot.input] = past.length === 0 ? empty : past.tensors[slot.input]!;
  }
  return feeds;
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

function describeTensor(info: ValueInfoProto): TensorInfo {
  const type = TYPES.get(elementTypeOf(info) ?? DataType.UNDEFINED);
  const shape = dimensionsOf(info);
  if (type === undefined || shape === null) {
    throw fault("model_failed", `The graph does not say of what type and shape "${info.name}" is.`);
  }
  return { name: info.name, type, shape };
}
