// A small graph that makes of rows of logits what scores of tokens need: the maximum, sums over the vocabulary, the
// greatest logits. It has no weights and knows no model but the width of its vocabulary.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
} from "onnx-buf";
import { type AttributeValue, createAttributes } from "./graph_attributes.ts";
import { createFloatTensor, createInt64Tensor } from "./graph_tensors.ts";
import { createTensorInfo } from "./graph_values.ts";

/** No float32 has an exponential above 0 below this, and −infinity times 0 is no number. */
const LEAST = -200;

/** The graph's inputs: logits [1, rows, vocabulary] of which the rows `start` to `end` are looked at; a target id each
 * [1, end − start, 1]; `top`, how many greatest logits are wanted, [1]. */
const SCORING_INPUTS = ["logits", "start", "end", "target", "top"] as const;

/** Its outputs, a number a row but where said; w = exp(logit − max), 0 where that is below −200:
 * own: the target's logit; max; sum: of w; weighted: of w (logit − max); ranks: how many logits are greater than the
 * target's; topLogits and topIds: the greatest, falling, ties by rising id, `top` a row; last: the last row, all of
 * it. */
export const SCORING_OUTPUTS = [
  ...["own", "max", "sum", "weighted", "ranks", "topLogits", "topIds", "last"],
] as const;

/** The graph as a file. Sums are made in two steps, over a part of the vocabulary and over the parts: added one by one,
 * tens of thousands of float32 lose digits. */
export function buildScoringModel(type: "float32" | "float16", vocabulary: number): Uint8Array<ArrayBuffer> {
  const part = findDivisor(Math.sqrt(vocabulary), vocabulary);
  const given = type === "float32" ? DataType.FLOAT : DataType.FLOAT16;
  const graph = create(GraphProtoSchema, {
    name: "scores",
    node: buildScoringNodes(),
    initializer: [
      ...[createInt64Tensor("axis1", [1]), createInt64Tensor("axis2", [2]), createInt64Tensor("axis3", [3])],
      ...[
        createInt64Tensor("parts", [0, 0, vocabulary / part, part]),
        createFloatTensor("least", [LEAST], []),
      ],
      ...[createInt64Tensor("lastRow", [-1]), createInt64Tensor("afterLast", [2n ** 62n])],
    ],
    input: SCORING_INPUTS.map((name) => {
      if (name === "logits") return createTensorInfo(name, given, [1, "all", vocabulary]);
      return createTensorInfo(name, DataType.INT64, name === "target" ? [1, "rows", 1] : [1]);
    }),
    output: SCORING_OUTPUTS.map((name) =>
      createTensorInfo(name, name === "topIds" ? DataType.INT64 : DataType.FLOAT, null)
    ),
  });
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: "", version: 17n })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }));
}

function buildScoringNodes(): NodeProto[] {
  const toFloat = { to: BigInt(DataType.FLOAT) };
  return [
    createNode("Slice", ["logits", "start", "end", "axis1"], ["given"]),
    createNode("Cast", ["given"], ["rows"], toFloat),
    createNode("Slice", ["rows", "lastRow", "afterLast", "axis1"], ["last"]),
    createNode("GatherElements", ["rows", "target"], ["own"], { axis: 2n }),
    createNode("ReduceMax", ["rows"], ["max"], { axes: [2n], keepdims: 1n }),
    createNode("Sub", ["rows", "max"], ["anyBelow"]),
    createNode("Max", ["anyBelow", "least"], ["below"]),
    createNode("Exp", ["below"], ["w"]),
    ...sumOf("w", "sum"),
    createNode("Mul", ["w", "below"], ["wBelow"]),
    ...sumOf("wBelow", "weighted"),
    createNode("Greater", ["rows", "own"], ["isGreater"]),
    createNode("Cast", ["isGreater"], ["greater"], toFloat),
    createNode("ReduceSum", ["greater", "axis2"], ["ranks"], { keepdims: 0n }),
    createNode("TopK", ["rows", "top"], ["topLogits", "topIds"], { axis: 2n, largest: 1n, sorted: 1n }),
  ];
}

function sumOf(values: string, sum: string): NodeProto[] {
  return [
    createNode("Reshape", [values, "parts"], [`${values}/parts`]),
    createNode("ReduceSum", [`${values}/parts`, "axis3"], [`${values}/sums`], { keepdims: 0n }),
    createNode("ReduceSum", [`${values}/sums`, "axis2"], [sum], { keepdims: 0n }),
  ];
}

function createNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  values: Readonly<Record<string, AttributeValue>> = {},
): NodeProto {
  const attribute = createAttributes(values);
  return create(NodeProtoSchema, {
    opType,
    name: output[0]!,
    input: [...input],
    output: [...output],
    attribute,
  });
}

/** The greatest divisor of `count` that is at most `most`. */
function findDivisor(most: number, count: number): number {
  for (let divisor = Math.floor(most); divisor > 1; divisor--) if (count % divisor === 0) return divisor;
  return 1;
}
