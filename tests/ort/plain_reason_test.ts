import assert from "node:assert/strict";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { faultOf } from "../../lib/fault.ts";
import { openGraph } from "../../lib/ort/addon_graph.ts";
import { openOrt } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { plainReason } from "../../lib/ort/plain_reason.ts";
import { ROOT } from "../engine/spec.ts";
import { edited, inFolder, node, tinyPath } from "../onnx/onnx_edit.ts";

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

Deno.test("words that are not known lose the places in C++ sources, and stay", () => {
  const original =
    "[ONNXRuntimeError] : 1 : FAIL : /onnxruntime_src/onnxruntime/core/graph/graph.cc:1555 void " +
    "onnxruntime::Graph::InitializeStateFromModelFileGraphProto(const std::string&) Something odd happened to w.";
  assert.equal(plainReason(original), "Something odd happened to w.");
});
