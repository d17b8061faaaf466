// Cuts a language model's graph at load, so that only the wanted positions go through the head: adds an int64
// scalar input n and slices the hidden states to their last n positions (n = 0 keeps all, as Slice starts at -0).
// Where the head is not recognised, the logits themselves are sliced: the same values, more work in the session.
import { create } from "@bufbuild/protobuf";
import {
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import { createInt64Tensor } from "./graph_tensors.ts";
import { createTensorInfo, dimensionsOf, elementTypeOf } from "./graph_values.ts";
import { findHead, type Head } from "./head.ts";
import { isLogitsToKeep, LOGITS_TO_KEEP_NAMES } from "./logits_to_keep.ts";
import { type GraphEdit, NO_EDIT } from "./splice.ts";

const [LOGITS_TO_KEEP] = LOGITS_TO_KEEP_NAMES;
const START = `${LOGITS_TO_KEEP}/start`;
const END = `${LOGITS_TO_KEEP}/end`;
const AXIS = `${LOGITS_TO_KEEP}/axis`;
const LENGTH_ONE = `${LOGITS_TO_KEEP}/length_one`;
const INT64_MAX = 2n ** 63n - 1n;

/** True where the graph already has an input for the number of positions. */
export function hasLogitsToKeep(graph: GraphProto): boolean {
  return graph.input.some(({ name }) => isLogitsToKeep(name));
}

/** The edit that makes `graph` answer for its last n positions only; null where it has no [batch, length, vocab]
 * logits. */
export function cutLogits(graph: GraphProto): GraphEdit | null {
  const output = graph.output.findIndex((candidate) => candidate.name === "logits");
  const logits = graph.output[output];
  if (logits === undefined || (dimensionsOf(logits) ?? [0, 1, 2]).length !== 3) return null;
  const head = findHead(graph, "logits");
  const nodes = head === null ? sliceLogits(graph) : sliceHidden(graph, head);
  if (nodes === null) return null;
  const stale = head?.downstream ?? new Set<string>();
  return {
    ...NO_EDIT,
    nodes,
    outputs: new Map([[output, [withFreeLength(logits)]]]),
    // The planner reuses buffers of equal symbolic shapes: what was [batch, sequence, …] must not say so any more.
    droppedValueInfo: new Set(graph.valueInfo.flatMap((info, index) => stale.has(info.name) ? [index] : [])),
    initializers: [
      createInt64Tensor(END, [INT64_MAX]),
      createInt64Tensor(AXIS, [1]),
      createInt64Tensor(LENGTH_ONE, [1]),
    ],
    inputs: [createTensorInfo(LOGITS_TO_KEEP, TensorProto_DataType.INT64, [])],
  };
}

/** Every head reads a slice of its hidden states; heads that share them share the slice. */
function sliceHidden(graph: GraphProto, head: Head): Map<number, NodeProto[]> {
  const nodes = new Map<number, NodeProto[]>();
  const sliced = new Map<string, string>();
  for (const index of head.nodes) {
    const node = graph.node[index];
    const hidden = node?.input[0];
    if (node === undefined || hidden === undefined) continue;
    const added = sliced.size === 0 ? startNodes() : [];
    const kept = sliced.get(hidden) ?? `${LOGITS_TO_KEEP}/kept_${sliced.size}`;
    if (!sliced.has(hidden)) added.push(slice(hidden, kept));
    sliced.set(hidden, kept);
    nodes.set(index, [...added, copyWith(NodeProtoSchema, node, { input: [kept, ...node.input.slice(1)] })]);
  }
  return nodes;
}

function sliceLogits(graph: GraphProto): Map<number, NodeProto[]> | null {
  const index = graph.node.findIndex((node) => node.output.includes("logits"));
  const node = graph.node[index];
  if (node === undefined) return null;
  const all = `${LOGITS_TO_KEEP}/all`;
  const renamed = copyWith(NodeProtoSchema, node, {
    output: node.output.map((name) => name === "logits" ? all : name),
  });
  return new Map([[index, [renamed, ...startNodes(), slice(all, "logits")]]]);
}

/** n → [-n], the first kept position counted from the end. */
function startNodes(): NodeProto[] {
  const negative = `${LOGITS_TO_KEEP}/negative`;
  return [
    create(NodeProtoSchema, { opType: "Neg", name: negative, input: [LOGITS_TO_KEEP], output: [negative] }),
    create(NodeProtoSchema, {
      opType: "Reshape",
      name: START,
      input: [negative, LENGTH_ONE],
      output: [START],
    }),
  ];
}

function slice(from: string, to: string): NodeProto {
  return create(NodeProtoSchema, {
    opType: "Slice",
    name: `${to}/slice`,
    input: [from, START, END, AXIS],
    output: [to],
  });
}

/** `info` with an axis 1 of its own name. */
function withFreeLength(info: ValueInfoProto): ValueInfoProto {
  const dims = dimensionsOf(info);
  const type = elementTypeOf(info);
  if (dims === null || type === null) return info;
  return createTensorInfo(info.name, type, dims.map((size, axis) => axis === 1 ? "num_logits" : size));
}
