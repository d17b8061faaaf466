// Applies an edit to a serialised model by copying every record that stays as it is, weights included.
import { concat } from "../basics/concat.ts";
import { toBinary } from "@bufbuild/protobuf";
import {
  type NodeProto,
  NodeProtoSchema,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { delimit, readRecords } from "../basics/wire_format.ts";

/** Changes of a graph, by index into its repeated fields. */
export interface GraphEdit {
  readonly nodes: ReadonlyMap<number, readonly NodeProto[]>; // in place of node i
  readonly appendedNodes: readonly NodeProto[];
  readonly outputs: ReadonlyMap<number, readonly ValueInfoProto[]>; // in place of output i
  readonly appendedOutputs: readonly ValueInfoProto[];
  readonly droppedValueInfo: ReadonlySet<number>;
  readonly valueInfo: readonly ValueInfoProto[]; // appended
  readonly weights: ReadonlyMap<number, TensorProto>; // in place of initializer i
  readonly initializers: readonly TensorProto[]; // appended
  readonly changedInputs: ReadonlyMap<number, ValueInfoProto>; // in place of input i
  readonly inputs: readonly ValueInfoProto[]; // appended
  readonly opsets: readonly OperatorSetIdProto[]; // in place of all imports, where there are any
}

// Field numbers of onnx.proto.
const GRAPH = 7;
const OPSET_IMPORT = 8;
const NODE = 1;
const INITIALIZER = 5;
const INPUT = 11;
const OUTPUT = 12;
const VALUE_INFO = 13;

/** The edit that changes nothing. */
export const NO_EDIT: GraphEdit = {
  nodes: new Map(),
  appendedNodes: [],
  outputs: new Map(),
  appendedOutputs: [],
  droppedValueInfo: new Set(),
  valueInfo: [],
  weights: new Map(),
  initializers: [],
  changedInputs: new Map(),
  inputs: [],
  opsets: [],
};

/** A copy of the serialised model with the edit applied. Throws a RangeError where `model` is cut off. */
export function applyEdit(model: Uint8Array, edit: GraphEdit): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const record of readRecords(model, 0, model.length)) {
    if (record.field === GRAPH) {
      parts.push(...delimit(GRAPH, editGraph(model, record.body, record.end, edit)));
    } else if (record.field !== OPSET_IMPORT || edit.opsets.length === 0) {
      parts.push(model.subarray(record.start, record.end));
    }
  }
  for (const opset of edit.opsets) {
    parts.push(...delimit(OPSET_IMPORT, [toBinary(OperatorSetIdProtoSchema, opset)]));
  }
  return concat(Uint8Array, parts) as Uint8Array<ArrayBuffer>;
}

function editGraph(model: Uint8Array, start: number, end: number, edit: GraphEdit): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const seen = new Map<number, number>();
  for (const record of readRecords(model, start, end)) {
    const index = seen.get(record.field) ?? 0;
    seen.set(record.field, index + 1);
    parts.push(...findReplacement(record.field, index, edit) ?? [model.subarray(record.start, record.end)]);
  }
  parts.push(
    ...edit.appendedNodes.flatMap(nodeRecord),
    ...edit.initializers.flatMap(tensorRecord),
    ...edit.inputs.flatMap((input) => infoRecord(INPUT, input)),
    ...edit.valueInfo.flatMap((info) => infoRecord(VALUE_INFO, info)),
    ...edit.appendedOutputs.flatMap((output) => infoRecord(OUTPUT, output)),
  );
  return parts;
}

const nodeRecord = (node: NodeProto) => delimit(NODE, [toBinary(NodeProtoSchema, node)]);
const tensorRecord = (tensor: TensorProto) => delimit(INITIALIZER, [toBinary(TensorProtoSchema, tensor)]);
const infoRecord = (field: number, info: ValueInfoProto) =>
  delimit(field, [toBinary(ValueInfoProtoSchema, info)]);

/** The records that take the place of record `index` of a field, or null where it stays. */
function findReplacement(field: number, index: number, edit: GraphEdit): Uint8Array[] | null {
  switch (field) {
    case NODE:
      return edit.nodes.get(index)?.flatMap(nodeRecord) ?? null;
    case OUTPUT:
      return edit.outputs.get(index)?.flatMap((output) => infoRecord(OUTPUT, output)) ?? null;
    case INITIALIZER: {
      const tensor = edit.weights.get(index);
      return tensor === undefined ? null : tensorRecord(tensor);
    }
    case INPUT: {
      const input = edit.changedInputs.get(index);
      return input === undefined ? null : infoRecord(INPUT, input);
    }
    default:
      return field === VALUE_INFO && edit.droppedValueInfo.has(index) ? [] : null;
  }
}
