// Writing an extended graph: the parts that stay are copied, the weights stay in the files where they are.
import { create } from "@bufbuild/protobuf";
import { dirname } from "node:path";
import {
  type NodeProto,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from "onnx-buf";
import type { GraphFile } from "./graph_file.ts";
import { isExternal } from "./graph_tensors.ts";
import { applyEdit } from "./splice.ts";
import type { GraphSource } from "../ort/types.ts";
import { findRelocation, relocateNode, relocateTensor } from "./relocation.ts";
import { listTensors, weightFileOf } from "./weight_files.ts";
import { referTo } from "./weight_references.ts";

/** What an extended graph consists of, where its file has `graph.node.length` nodes. */
interface GraphParts {
  /** What stands in place of each node of the file, and behind them what is appended. */
  readonly slots: readonly (readonly NodeProto[])[];
  readonly changedInitializers: ReadonlyMap<number, TensorProto>;
  readonly addedInitializers: readonly TensorProto[];
  /** The file's inputs in their order, and behind them the added ones. */
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  /** What is known of values between nodes. */
  readonly valueInfo: readonly ValueInfoProto[];
}

/** The extended model, ready to open. */
export async function writeGraph(file: GraphFile, parts: GraphParts): Promise<GraphSource> {
  const { graph, path } = file;
  const kept = graph.initializer.map((tensor, index) =>
    referTo(file, parts.changedInitializers.get(index) ?? tensor)
  );
  const added = parts.addedInitializers.map((tensor) => referTo(file, tensor));
  const inNodes = parts.slots.flat().flatMap((node) => [...listTensors(node)]);
  const locations = new Set(
    [...kept, ...added, ...inNodes].filter(isExternal).map((tensor) => weightFileOf(tensor).location),
  );
  const moved = locations.size === 0 ? null : await findRelocation(path, locations, true);
  const final = (tensor: TensorProto) => moved === null ? tensor : relocateTensor(tensor, moved);
  const nodesAt = (nodes: readonly NodeProto[] = []) =>
    moved === null ? nodes : nodes.map((node) => relocateNode(node, moved));
  const bytes = applyEdit(file.bytes, {
    nodes: new Map(graph.node.map((_, index) => [index, nodesAt(parts.slots[index])])),
    appendedNodes: nodesAt(parts.slots.slice(graph.node.length).flat()),
    outputs: new Map(graph.output.map((_, index) => [index, []])),
    appendedOutputs: parts.outputs,
    droppedValueInfo: new Set(graph.valueInfo.keys()), // they may be stale; ONNX Runtime infers them
    valueInfo: parts.valueInfo,
    weights: new Map(kept.map((tensor, index) => [index, final(tensor)])),
    initializers: added.map(final),
    changedInputs: new Map(graph.input.map((input, index) => [index, parts.inputs[index] ?? input])),
    inputs: parts.inputs.slice(graph.input.length),
    opsets: withDomains(file.model.opsetImport, parts.slots.flat()),
  });
  return { bytes, folder: moved?.folder ?? dirname(path) };
}

/** The imports, and version 1 of every other domain that a node uses. */
function withDomains(
  imports: readonly OperatorSetIdProto[],
  nodes: readonly NodeProto[],
): OperatorSetIdProto[] {
  const known = new Set(imports.map((entry) => normaliseDomain(entry.domain)));
  const used = new Set(nodes.map((node) => normaliseDomain(node.domain)));
  const missing = [...used].filter((domain) => !known.has(domain));
  return [
    ...imports,
    ...missing.map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
  ];
}

/** "" and "ai.onnx" name the same domain. */
export function normaliseDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}
