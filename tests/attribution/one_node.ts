// Models of one operator for tests: written into a folder, opened as they are or after a change of their graph.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
} from "onnx-buf";
import { type AttributeValue, createAttributes } from "../../lib/onnx/graph_attributes.ts";
import { GraphDraft } from "../../lib/onnx/graph_draft.ts";
import { readGraphFile } from "../../lib/onnx/graph_file.ts";
import { createTensorInfo } from "../../lib/onnx/graph_values.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import type { Tensor } from "../../lib/ort/types.ts";
import { openLibrary } from "../runners/native_fixture.ts";
import { inFolder } from "../onnx/onnx_edit.ts";

export interface OneNode {
  readonly opType: string;
  readonly domain: string;
  readonly input: readonly string[]; // "" = left out
  readonly output: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly initializers?: readonly TensorProto[];
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly opset?: number;
}

const TYPES: Readonly<Record<string, DataType>> = {
  float32: DataType.FLOAT,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
};

/** The outputs of the model as it is and after `change`; `more` are outputs that only the changed graph has. */
export async function beforeAndAfter(
  node: OneNode,
  change: (draft: GraphDraft) => void,
  more: readonly string[] = [],
): Promise<{ before: Record<string, Tensor>; after: Record<string, Tensor> }> {
  let before: Record<string, Tensor> = {};
  let after: Record<string, Tensor> = {};
  const want = node.output.filter((name) => name !== "");
  await inFolder(async (folder) => {
    const path = `${folder}/model.onnx`;
    await Deno.writeFile(path, modelOf(node));
    const original = await openNativeGraph(openLibrary(), { path });
    before = await original.run(node.feeds, want);
    await original.dispose();
    const draft = new GraphDraft(await readGraphFile(path), { prefix: "test" });
    change(draft);
    for (const name of more) draft.output(name);
    const changed = await openNativeGraph(openLibrary(), await draft.source());
    after = await changed.run(node.feeds, [...want, ...more]);
    await changed.dispose();
  });
  return { before, after };
}

function modelOf(node: OneNode): Uint8Array {
  const graph = create(GraphProtoSchema, {
    name: "one node",
    input: Object.entries(node.feeds).map(([name, { type, dims }]) =>
      createTensorInfo(name, TYPES[type]!, dims.map((_, axis) => `${name}_${axis}`))
    ),
    output: node.output.filter((name) => name !== "").map((name) =>
      createTensorInfo(name, DataType.FLOAT, null)
    ),
    initializer: [...node.initializers ?? []],
    node: [
      create(NodeProtoSchema, {
        opType: node.opType,
        domain: node.domain,
        name: "node",
        input: [...node.input],
        output: [...node.output],
        attribute: createAttributes(node.attributes),
      }),
    ],
  });
  const opsetImport = [["", node.opset ?? 21], ["com.microsoft", 1]].map(([domain, version]) =>
    create(OperatorSetIdProtoSchema, { domain: String(domain), version: BigInt(version!) })
  );
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 10n, opsetImport, graph }));
}

/** A float32 tensor of numbers in (-1, 1), the same for the same seed. */
export function noise(dims: readonly number[], seed: number): Tensor {
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  let state = seed * 2654435761 >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return { type: "float32", dims, data };
}
