import assert from "node:assert/strict";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type NodeProto, type TensorProto } from "onnx-buf";
import { faultOf } from "../../lib/fault.ts";
import { openGraph } from "../../lib/ort/addon_graph.ts";
import { openOrt } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { describePlainly } from "../../lib/ort/plain_reason.ts";
import { ROOT } from "../engine/spec.ts";
import type { ElementType, Tensor, TensorInfo } from "../../lib/ort/types.ts";
import { edited, floats, inFolder, int64s, node, tinyPath } from "../onnx/onnx_edit.ts";

const GRAPH = tinyPath("tiny-gpt2");
const withVersion = (edit: (model: ReturnType<typeof fromBinary<typeof ModelProtoSchema>>) => void) => {
  const model = fromBinary(ModelProtoSchema, Deno.readFileSync(GRAPH));
  edit(model);
  return toBinary(ModelProtoSchema, model);
};

const BROKEN: readonly (readonly [name: string, bytes: () => Uint8Array, said: RegExp])[] = [
  ["garbage", () => new Uint8Array(5000).fill(7), /is no ONNX graph, or it is damaged/],
  ["a newer format", () => withVersion((model) => model.irVersion = 99n), /version 99 of ONNX's format/],
  [
    "newer operators",
    () => withVersion((model) => model.opsetImport[0]!.version = 99n),
    /version 99 of ONNX's op/,
  ],
  [
    "an unknown operator",
    () => edited(GRAPH, (graph) => void graph.node.push(node("Frobnicate", ["logits"], ["other"]))),
    /needs the operator Frobnicate/,
  ],
  [
    "an input of no node",
    () => edited(GRAPH, (graph) => void graph.node.push(node("Add", ["logits", "nowhere"], ["other"]))),
    /graph is not valid/,
  ],
];

for (const [what, bytes, said] of BROKEN) {
  Deno.test(`a file with ${what}: a sentence for people, ONNX Runtime's own words for the log`, async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "model.onnx");
      await Deno.writeFile(path, bytes());
      const openings = [
        () => openGraph({ path }, "cpu"),
        () => openNativeGraph(openOrt(findLibrary(ROOT)), { path }, {}),
      ];
      for (const open of openings) {
        const error = await open().then(() => assert.fail("it opens"), (error: Error) => error);
        assert.match(error.message, said);
        assert.doesNotMatch(error.message, /::|\.cc|onnxruntime_src|ONNXRuntimeError/);
        assert.ok(faultOf(error)!.detail!.length > 10);
      }
    });
  });
}

/** Nodes beside a good graph, each of which cannot be run. */
const UNRUNNABLE:
  readonly (readonly [what: string, nodes: NodeProto[], constants: TensorProto[], said: RegExp])[] = [
    [
      "more memory than there is",
      [
        node("Mul", ["input_ids", "many"], ["sizes"]),
        node("Reshape", ["sizes", "flat"], ["size"]),
        node("ConstantOfShape", ["size"], ["other"]),
      ],
      [int64s("many", [2e18]), int64s("flat", [-1])],
      /there is not enough memory for it\. .*The node is other\/node\./,
    ],
    [
      "an index beyond its table",
      [node("Mul", ["input_ids", "many"], ["places"]), node("Gather", ["table", "places"], ["other"])],
      [int64s("many", [100]), floats("table", [1, 2], [2])],
      /looks up a token or a position that its tables do not have\. .*The node is other\/node\./,
    ],
    [
      "sizes that do not fit",
      [node("Reshape", ["input_ids", "shape"], ["other"])],
      [int64s("shape", [7, 13])],
      /sizes of its tensors do not fit together\. .*The node is other\/node\./,
    ],
  ];

for (const [what, nodes, constants, said] of UNRUNNABLE) {
  Deno.test(`a run that asks for ${what}: a sentence for people, ONNX Runtime's own words for the log`, async () => {
    const bytes = edited(GRAPH, (graph) => {
      graph.node.push(...nodes);
      graph.initializer.push(...constants);
      const output = graph.output.find(({ name }) => name === "logits")!;
      graph.output.push({ ...output, name: "other", type: undefined! });
    });
    const source = { bytes: Uint8Array.from(bytes), folder: "." };
    const graphs = [
      await openGraph(source, "cpu"),
      await openNativeGraph(openOrt(findLibrary(ROOT)), source, {}),
    ];
    for (const graph of graphs) {
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name, type, shape }) => [name, oneToken(name, type, shape)]),
      );
      const error = await graph.run(feeds, ["other"])
        .then(() => assert.fail("it runs"), (error: Error) => error);
      await graph.dispose();
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /::|\.cc|onnxruntime_src|Status Message|was false/);
      assert.ok(faultOf(error)!.detail!.length > 10);
    }
  });
}

/** What the graph is fed to read token 1 and no past. */
function oneToken(name: string, type: ElementType, shape: TensorInfo["shape"]): Tensor {
  const dims = shape.map((size, axis) => typeof size === "number" ? size : axis === 2 ? 0 : 1);
  if (type === "int64") {
    return { type, dims: [1, 1], data: BigInt64Array.of(name === "position_ids" ? 0n : 1n) };
  }
  return { type, dims, data: new Float32Array(dims.reduce((all, size) => all * size, 1)) };
}

Deno.test("words that are code even without their places become a sentence", () => {
  const original =
    "Non-zero status code returned while running Foo node. Name:'/layers.0/foo' Status Message: " +
    "std::vector<int>::at: i < size() was false.";
  assert.equal(describePlainly(original), "ONNX Runtime cannot do it. The node is /layers.0/foo.");
  assert.match(
    describePlainly('ParseStringWithClassicLocale Failed to parse value: "0"'),
    /graph is not valid/,
  );
});

Deno.test("words that are not known lose the places in C++ sources, and stay", () => {
  const original =
    "[ONNXRuntimeError] : 1 : FAIL : /onnxruntime_src/onnxruntime/core/graph/graph.cc:1555 void " +
    "onnxruntime::Graph::InitializeStateFromModelFileGraphProto(const std::string&) Something odd happened to w.";
  assert.equal(describePlainly(original), "Something odd happened to w.");
});
