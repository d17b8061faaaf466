// Applies an edit to a serialised model by copying every record that stays as it is, weights included.
import { toBinary } from "@bufbuild/protobuf";
import {
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { delimited, joined, records } from "./wire_format.ts";

/** Changes of a graph, by index into its repeated fields. */
export interface GraphEdit {
  readonly nodes: ReadonlyMap<number, readonly NodeProto[]>; // in place of node i
  readonly outputs: ReadonlyMap<number, ValueInfoProto>; // in place of output i
  readonly droppedValueInfo: ReadonlySet<number>;
  readonly weights: ReadonlyMap<number, TensorProto>; // in place of initializer i
  readonly initializers: readonly TensorProto[]; // appended
  readonly inputs: readonly ValueInfoProto[]; // appended
}

// Field numbers of onnx.proto.
const GRAPH = 7;
const NODE = 1;
const INITIALIZER = 5;
const INPUT = 11;
const OUTPUT = 12;
const VALUE_INFO = 13;

/** The edit that changes nothing. */
export const NO_EDIT: GraphEdit = {
  nodes: new Map(),
  outputs: new Map(),
  droppedValueInfo: new Set(),
  weights: new Map(),
  initializers: [],
  inputs: [],
};

/** A copy of the serialised model with the edit applied. Throws a RangeError where `model` is cut off. */
export function applyEdit(model: Uint8Array, edit: GraphEdit): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const record of records(model, 0, model.length)) {
    if (record.field !== GRAPH) parts.push(model.subarray(record.start, record.end));
    else parts.push(...delimited(GRAPH, editedGraph(model, record.body, record.end, edit)));
  }
  return joined(parts);
}

function editedGraph(model: Uint8Array, start: number, end: number, edit: GraphEdit): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const seen = new Map<number, number>();
  for (const record of records(model, start, end)) {
    const index = seen.get(record.field) ?? 0;
    seen.set(record.field, index + 1);
    parts.push(...replacement(record.field, index, edit) ?? [model.subarray(record.start, record.end)]);
  }
  for (const tensor of edit.initializers) {
    parts.push(...delimited(INITIALIZER, [toBinary(TensorProtoSchema, tensor)]));
  }
  for (const input of edit.inputs) parts.push(...delimited(INPUT, [toBinary(ValueInfoProtoSchema, input)]));
  return parts;
}

/** The records that take the place of record `index` of a field, or null where it stays. */
function replacement(field: number, index: number, edit: GraphEdit): Uint8Array[] | null {
  if (field === NODE) {
    const nodes = edit.nodes.get(index);
    return nodes?.flatMap((node) => delimited(NODE, [toBinary(NodeProtoSchema, node)])) ?? null;
  }
  if (field === OUTPUT) {
    const output = edit.outputs.get(index);
    return output === undefined ? null : delimited(OUTPUT, [toBinary(ValueInfoProtoSchema, output)]);
  }
  if (field === INITIALIZER) {
    const tensor = edit.weights.get(index);
    return tensor === undefined ? null : delimited(INITIALIZER, [toBinary(TensorProtoSchema, tensor)]);
  }
  return field === VALUE_INFO && edit.droppedValueInfo.has(index) ? [] : null;
}
