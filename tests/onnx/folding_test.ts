import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { GraphProtoSchema } from "onnx-buf";
import { fileURLToPath } from "node:url";
import { countFoldedBytes } from "../../lib/onnx/folding.ts";
import { BUNDLED } from "../runners/goldens.ts";
import { floats, graphOf, node, tinyPath } from "./onnx_edit.ts";

const graph = (...nodes: ReturnType<typeof node>[]) =>
  create(GraphProtoSchema, {
    node: nodes,
    initializer: [floats("table", new Array(12).fill(1), [3, 4]), floats("scale", [2])],
  });

Deno.test("foldedBytes counts the last constant of a chain, where something computed reads it", () => {
  const chain = [node("Cast", ["table"], ["cast"]), node("Mul", ["cast", "scale"], ["wide"])];
  assert.equal(countFoldedBytes(graph(...chain, node("Gather", ["wide", "ids"], ["out"]))), 12 * 4);
  const turned = node("Transpose", ["wide"], ["turned"]);
  const head = node("MatMul", ["hidden", "turned"], ["logits"]);
  assert.equal(
    countFoldedBytes(graph(...chain, node("Gather", ["wide", "ids"], ["out"]), turned, head)),
    2 * 12 * 4,
  );
});

Deno.test("foldedBytes counts neither what runs compute nor what ONNX Runtime leaves to them", () => {
  assert.equal(countFoldedBytes(graph(node("Mul", ["input", "scale"], ["out"]))), 0);
  const left = [
    node("DequantizeLinear", ["table", "scale"], ["wide"]),
    node("Gather", ["wide", "ids"], ["out"]),
  ];
  assert.equal(countFoldedBytes(graph(...left)), 0);
  assert.equal(countFoldedBytes(graph(node("Gather", ["table", "ids"], ["out"]))), 0);
});

Deno.test("the models here fold next to nothing", () => {
  for (
    const path of [
      tinyPath("tiny-gpt2"),
      tinyPath("tiny-qwen3", "model_q4.onnx"),
      fileURLToPath(new URL("onnx/model_q4.onnx", BUNDLED)),
    ]
  ) {
    assert.ok(countFoldedBytes(graphOf(Deno.readFileSync(path))) < 2 ** 20, path);
  }
});
