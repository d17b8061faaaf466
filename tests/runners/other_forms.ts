// Graphs whose logits, masks and caches have another form than most exporters give them.

import { TensorProto_DataType as DataType } from "onnx-buf";
import { createTensorInfo } from "../../lib/onnx/graph_values.ts";
import type { Builder } from "../attribution/graph_builder.ts";
import { keepIn, VOCABULARY } from "./cache_models.ts";
import {
  attentive,
  headed,
  oneTextAlone,
  oneTokenAlone,
  withEdit,
  withNamelessPresents,
} from "./odd_models.ts";

/** The same graph, its logits described so; `dims` null: nothing is said of their shape. */
function withLogits(bytes: Uint8Array, type: DataType, dims: (number | string)[] | null, name = "logits") {
  return withEdit(bytes, (graph) => {
    const at = graph.output.findIndex((output) => output.name === "logits");
    graph.output[at] = createTensorInfo(name, type, dims);
    for (const { output } of graph.node) if (output[0] === "logits") output[0] = name;
  });
}

const LONG = ["batch", "length", VOCABULARY];

type Added = (b: Builder, x: string) => string;

const flat = (dims: number[]) => (b: Builder, logits: string) =>
  void b.op("Reshape", [logits, b.ints(dims)], {}, "logits");

/** The same graph, an input of it under another name. */
function withInputName(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return withEdit(bytes, (graph) => {
    for (const input of graph.input) if (input.name === from) input.name = to;
    for (const node of graph.node) node.input = node.input.map((name) => name === from ? to : name);
  });
}

/** An input that changes nothing where it is all ones. */
const onesAdded = (name: string, type: DataType): Added => (b, x) => {
  const values = b.op("Cast", [b.input(name, type, ["b", "n"])], { to: 1n });
  return ["ReduceMin", "ReduceMax"].reduce((sum, extreme) => {
    const most = b.op(extreme, [values], { keepdims: 0n });
    return b.op("Add", [sum, b.op("Sub", [most, b.floats([1])])]);
  }, x);
};

/** An input that changes nothing where it counts from the length of the past on. */
const positionsAdded = (name: string): Added => (b, x) => {
  const values = b.op("Cast", [b.input(name, DataType.INT64, ["batch", "length"])], { to: 1n });
  const sizeOf = (tensor: string, axis: number) =>
    b.op("Cast", [b.op("Gather", [b.op("Shape", [tensor]), b.ints([axis])])], { to: 1n });
  const first = sizeOf("past_key_values.0.key", 2);
  const end = b.op("Add", [first, sizeOf("input_ids", 1)]);
  const wrong = [
    b.op("Sub", [b.op("ReduceMin", [values], { keepdims: 0n }), first]),
    b.op("Sub", [b.op("ReduceMax", [values], { keepdims: 0n }), b.op("Sub", [end, b.floats([1])])]),
  ];
  return wrong.reduce((sum, by) => b.op("Add", [sum, by]), x);
};

/** Graphs that give the logits of {@link plainForm} in another form; those in brackets to the third digit. */
export const OTHER_FORMS: Readonly<Record<string, () => Uint8Array>> = {
  "logits that are called lm_logits": () => withLogits(attentive(), DataType.FLOAT, LONG, "lm_logits"),
  "logits of float64": () =>
    withLogits(attentive(keepIn, { head: headed("Cast", { to: 11n }) }), DataType.DOUBLE, LONG),
  "(logits of bfloat16)": () =>
    withLogits(attentive(keepIn, { head: headed("Cast", { to: 16n }) }), DataType.BFLOAT16, LONG),
  "logits whose shape is not said": () => withLogits(attentive(), DataType.FLOAT, null),
  "logits of the last token without an axis": () =>
    withLogits(
      attentive(keepIn, {
        head: (b, logits) => void b.op("Gather", [logits, b.ints([-1], [])], { axis: 1n }, "logits"),
      }),
      DataType.FLOAT,
      ["batch", VOCABULARY],
    ),
  "rows of logits without an axis of texts": () =>
    withLogits(attentive(keepIn, { head: flat([-1, VOCABULARY]) }), DataType.FLOAT, ["rows", VOCABULARY]),
  "rows of logits of float64 without an axis of texts": () =>
    withLogits(
      attentive(keepIn, {
        head: (b, logits) => flat([-1, VOCABULARY])(b, b.op("Cast", [logits], { to: 11n })),
      }),
      DataType.DOUBLE,
      ["rows", VOCABULARY],
    ),
  "the last token's logits without any axis": () =>
    withLogits(
      oneTextAlone((b, logits) => flat([-1])(b, b.op("Gather", [logits, b.ints([-1])], { axis: 1n }))),
      DataType.FLOAT,
      [VOCABULARY],
    ),
  "logits that are called linear_14": () => withLogits(attentive(), DataType.FLOAT, LONG, "linear_14"),
  "token ids that are called input.1": () => withInputName(attentive(), "input_ids", "input.1"),
  "token ids and logits that are called by numbers": () =>
    withInputName(withLogits(attentive(), DataType.FLOAT, LONG, "2134"), "input_ids", "0"),
  "a mask that is called attn_mask": () =>
    attentive(keepIn, { more: onesAdded("attn_mask", DataType.INT64) }),
  "one token a run": oneTokenAlone,
  "a mask of float32": () => attentive(keepIn, { more: onesAdded("attention_mask", DataType.FLOAT) }),
  "a mask of float16": () => attentive(keepIn, { more: onesAdded("attention_mask", DataType.FLOAT16) }),
  "positions": () => attentive(keepIn, { more: positionsAdded("positions") }),
  "presents without names": () => withNamelessPresents(attentive(), false),
};

/** What {@link OTHER_FORMS} are forms of. */
export function plainForm(): Uint8Array {
  return attentive();
}

/** The last tokens can never come. */
export function withInfinities(): Uint8Array {
  const mask = Array.from({ length: VOCABULARY }, (_, token) => token < 25 ? 0 : -Infinity);
  return attentive(keepIn, {
    head: (b, logits) => void b.op("Add", [logits, b.floats(mask, [VOCABULARY])], {}, "logits"),
  });
}
