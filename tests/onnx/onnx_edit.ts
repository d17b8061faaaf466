// Variants of the tiny models for tests: read a fixture, change its graph, write it into a folder.
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";

const TINY = new URL("../fixtures/tiny-models/", import.meta.url);

export function tinyPath(model: string, file = "model.onnx"): string {
  return fileURLToPath(new URL(`${model}/onnx/${file}`, TINY));
}

export function tinyConfig(model: string): unknown {
  return JSON.parse(Deno.readTextFileSync(new URL(`${model}/config.json`, TINY)));
}

/** The serialised model at `path` after `edit` changed its graph in place. */
export function edited(path: string, edit: (graph: GraphProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, Deno.readFileSync(path));
  if (model.graph === undefined) throw new Error(`${path} has no graph`);
  edit(model.graph);
  return toBinary(ModelProtoSchema, model);
}

export function graphOf(bytes: Uint8Array): GraphProto {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  if (graph === undefined) throw new Error("The model has no graph.");
  return graph;
}

export function node(
  opType: string,
  input: string[],
  output: string[],
  ints: Record<string, bigint> = {},
): NodeProto {
  const attribute = Object.entries(ints).map(([name, i]) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i })
  );
  return create(NodeProtoSchema, { opType, name: `${output[0]}/node`, input, output, attribute });
}

export function floats(name: string, values: number[], dims: number[] = []): TensorProto {
  const dataType = TensorProto_DataType.FLOAT;
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), floatData: values });
}

export function int64s(name: string, values: number[]): TensorProto {
  const dataType = TensorProto_DataType.INT64;
  return create(TensorProtoSchema, {
    name,
    dataType,
    dims: [BigInt(values.length)],
    int64Data: values.map(BigInt),
  });
}

/** Puts `nodes` behind the logits: they read "logits/before" and the last of them must write "logits". */
export function behindLogits(graph: GraphProto, nodes: NodeProto[]): void {
  for (const before of graph.node) {
    before.output = before.output.map((name) => name === "logits" ? "logits/before" : name);
  }
  graph.node.push(...nodes);
}

/** Moves the weights of a graph into one file beside it; returns that file's bytes. */
export function moveWeights(graph: GraphProto, location: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of graph.initializer.filter((candidate) => candidate.rawData.length > 256)) {
    const length = tensor.rawData.length;
    parts.push(tensor.rawData);
    tensor.rawData = new Uint8Array();
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    const entries = { location, offset: String(offset), length: String(length) };
    tensor.externalData = Object.entries(entries).map(([key, value]) => ({
      $typeName: "onnx.StringStringEntryProto",
      key,
      value,
    }));
    offset += length;
  }
  const all = new Uint8Array(offset);
  offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Calls `use` with a folder that is removed afterwards. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "next-token-runtime-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
