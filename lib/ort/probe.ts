// Whether an execution provider works on this machine at all, found with a graph of one node before a model's weights
// are read for it.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { openGraph } from "./addon_graph.ts";
import type { Device } from "../wire/device.ts";

/** Runs y = x + x on `device`. Rejects with the reason where the provider cannot be used. */
export async function probeDevice(device: Device): Promise<void> {
  const graph = await openGraph({ bytes: buildDoubling(), folder: "." }, device, { name: "a test graph" });
  const { y } = await graph.run({ x: { type: "float32", dims: [2], data: Float32Array.of(1, 2) } }, ["y"]);
  await graph.dispose();
  if (y?.data[0] !== 2 || y.data[1] !== 4) throw new Error("1 + 1 and 2 + 2 came out wrong");
}

/** The model "y = x + x" over two floats. */
function buildDoubling(): Uint8Array<ArrayBuffer> {
  const dim = [create(TensorShapeProto_DimensionSchema, { value: { case: "dimValue", value: 2n } })];
  const shape = create(TensorShapeProtoSchema, { dim });
  const tensor = create(TypeProto_TensorSchema, { elemType: 1, shape });
  const type = create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } });
  const value = (name: string) => create(ValueInfoProtoSchema, { name, type });
  const node = [create(NodeProtoSchema, { opType: "Add", input: ["x", "x"], output: ["y"], name: "double" })];
  const graph = create(GraphProtoSchema, { name: "probe", input: [value("x")], output: [value("y")], node });
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: "", version: 17n })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }));
}
