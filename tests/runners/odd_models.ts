// Graphs that are laid out as no exporter should: what they keep, what they ask for, what they call logits.
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type GraphProto, ModelProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { createTensorInfo } from "../../lib/onnx/graph_values.ts";
import type { Builder } from "../attribution/graph_builder.ts";
import {
  attending,
  byHead,
  type Causal,
  type Keep,
  keepIn,
  type KeyLayout,
  smallModel,
  VOCABULARY,
} from "./cache_models.ts";

type KeepIn = (b: Builder) => Keep;

const optimum = byHead((layer, kind) => `past_key_values.${layer}.${kind}`);
const END = Number.MAX_SAFE_INTEGER;

/** Two layers of attention that keep their past by `keep`; `more` is added to the embeddings. */
export function attentive(
  keep: KeepIn = keepIn,
  { layout = optimum, causal = true, head, more = (_b, x) => x }: {
    layout?: (kind: string) => KeyLayout;
    causal?: Causal;
    head?: ((b: Builder, logits: string) => void) | undefined;
    more?: (b: Builder, x: string) => string;
  } = {},
): Uint8Array {
  return smallModel((b, x) => {
    let sum = more(b, x);
    for (const layer of [0, 1]) {
      sum = b.op("Add", [sum, attending(layout, 8, causal)(b, sum, layer, keep(b))]);
    }
    return sum;
  }, head);
}

/** A past of which `kept` makes what is handed on. */
const handing = (kept: (b: Builder, whole: string) => string): KeepIn => (b) => ({ name, dims }, present) => {
  const whole = present.of(b.input(name, DataType.FLOAT, dims));
  b.op("Identity", [kept(b, whole)], {}, present.name);
  b.output(present.name, dims.map((size) => size === "past_length" ? "total_length" : size));
  return whole;
};

/** The count of the tokens that are fed, [1]. */
function fedLength(b: Builder): string {
  return b.op("Gather", [b.op("Shape", ["input_ids"]), b.ints([1])]);
}

/** Positions that begin at 0 in each run, as of a graph that asks for none and does not look at its past. */
function positionsOfRun(b: Builder, x: string): string {
  return b.op("Add", [x, b.op("Gather", [b.weight("places", [64, 16], 1, 9), b.places()])]);
}

/** An input that does nothing. */
const inputAdded = (name: string, type: DataType, dims: (number | string)[]) => (b: Builder, x: string) =>
  b.op("Add", [
    x,
    b.scaled(
      b.op("ReduceMax", [b.op("Cast", [b.input(name, type, dims)], { to: 1n })], { keepdims: 0n }),
      0,
    ),
  ]);

/** Logits that one more node makes. */
export const headed = (opType: string, values = {}) => (b: Builder, logits: string) =>
  void b.op(opType, [logits], values, "logits");

/** The same graph with what `change` does to it. */
export function withEdit(bytes: Uint8Array, change: (graph: GraphProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  change(model.graph!);
  return toBinary(ModelProtoSchema, model);
}

/** The same graph, its token ids of this shape. */
function withIds(bytes: Uint8Array, dims: readonly (number | string)[]): Uint8Array {
  return withEdit(bytes, (graph) => {
    const ids = graph.input.findIndex(({ name }) => name === "input_ids");
    graph.input[ids] = createTensorInfo("input_ids", DataType.INT64, [...dims]);
  });
}

/** The same graph, its presents under names that say nothing; `turned`: in the opposite order. */
export function withNamelessPresents(bytes: Uint8Array, turned: boolean): Uint8Array {
  return withEdit(bytes, (graph) => {
    const called = new Map<string, string>();
    for (const output of graph.output) {
      if (output.name.startsWith("present")) called.set(output.name, `getitem_${7 * called.size}`);
    }
    for (const { output } of graph.node) output[0] = called.get(output[0]!) ?? output[0]!;
    for (const output of graph.output) output.name = called.get(output.name) ?? output.name;
    if (turned) graph.output.reverse();
  });
}

/** One text, of any length. */
export function oneTextAlone(head?: (b: Builder, logits: string) => void): Uint8Array {
  return withIds(attentive(keepIn, { head }), [1, "length"]);
}

/** One token of any number of texts. */
export function oneTokenAlone(): Uint8Array {
  return withIds(attentive(), ["batch", 1]);
}

/** The first tokens can never come. */
function withBarred(b: Builder, logits: string): void {
  const mask = Array.from({ length: VOCABULARY }, (_, token) => token < 25 ? -3e38 : 0);
  b.op("Add", [logits, b.floats(mask, [VOCABULARY])], {}, "logits");
}

/** Each graph, and what its refusal says. */
export const REFUSED: Readonly<Record<string, readonly [make: () => Uint8Array, sentence: RegExp]>> = {
  "no causal mask": [
    () => attentive(keepIn, { causal: false }),
    /depend on the tokens that come after it \(there is no causal mask\)/,
  ],
  "no causal mask, and tokens that cannot come": [
    () => attentive(keepIn, { causal: false, head: withBarred }),
    /there is no causal mask/,
  ],
  "presents without names, in another order": [
    () => withNamelessPresents(attentive(), true),
    /tokens behind a cache give other logits/,
  ],
  "no causal mask behind a past": [
    () => attentive(keepIn, { causal: "at first" }),
    /behind a cache .* depend on the tokens that come after it \(there is no causal mask\)/,
  ],
  "positions that begin at 0 in each run": [
    () => attentive(keepIn, { more: positionsOfRun }),
    /tokens behind a cache give other logits .* the cache does not hold all/,
  ],
  "a cache that is not read": [() =>
    attentive((b) => ({ name, dims, empty }, present) => {
      const past = b.input(name, DataType.FLOAT, dims);
      const fresh = present.of(b.op("ConstantOfShape", [b.ints(empty)]));
      b.op("Identity", [present.of(past)], {}, present.name);
      b.output(present.name, dims.map((size) => size === "past_length" ? "total_length" : size));
      return fresh;
    }, { causal: false }), /tokens behind a cache give other logits|causal/],
  "what is kept is turned round": [
    () =>
      attentive(
        handing((b, whole) =>
          b.op("Concat", [b.sliced(whole, 2, -1, END), b.sliced(whole, 2, 0, -1)], { axis: 2n })
        ),
      ),
    /a cache that was cut back .* does not lie in the text's order/,
  ],
  "only the new tokens come out": [
    () =>
      attentive(
        handing((b, whole) =>
          b.op("Slice", [whole, b.op("Neg", [fedLength(b)]), b.ints([END]), b.ints([2])])
        ),
      ),
    /"present\.0\.key" holds \d+ values after \d tokens.* keeps no more than a part .*the last tokens alone/,
  ],
  "a window of two tokens": [
    () => attentive(handing((b, whole) => b.sliced(whole, 2, -2, END))),
    /"present\.0\.key" holds 32 values after 3 tokens.*a sliding window/,
  ],
  "tokens before heads under no names": [
    () =>
      attentive(keepIn, {
        layout: (kind) => ({
          ...optimum(kind),
          dims: ["b", "n", "h", "d"],
          axis: 1,
          store: (b, x) => b.transposed(x, 0, 2, 1, 3),
          load: (b, x) => b.transposed(x, 0, 2, 1, 3),
        }),
      }),
    /"present\.0\.key" holds .* its shape does not say which axis counts tokens/,
  ],
  "positions before texts": [
    () => attentive(keepIn, { head: headed("Transpose", { perm: [1n, 0n, 2n] }) }),
    /"logits" holds \d+ values; 1 positions of 40 tokens are 40\. Its axes must be texts, positions/,
  ],
  "tokens before positions": [
    () => attentive(keepIn, { head: headed("Transpose", { perm: [0n, 2n, 1n] }) }),
    /"logits" holds \d+ values/,
  ],
  "probabilities": [
    () => attentive(keepIn, { head: headed("Softmax", { axis: -1n }) }),
    /its output "logits" holds probabilities, not logits/,
  ],
  "NaN": [
    () => attentive(keepIn, { head: headed("Log") }),
    /The model gives NaN \(no number\) in its logits/,
  ],
  "+infinity": [
    () => attentive(keepIn, { head: (b, logits) => void b.op("Exp", [b.scaled(logits, 1e5)], {}, "logits") }),
    /The model gives \+infinity in its logits/,
  ],
  "positions that are no integers": [
    () => attentive(keepIn, { more: inputAdded("position_ids", DataType.FLOAT, ["batch", "length"]) }),
    /"position_ids" to hold int64 or int32 but found float32/,
  ],
  "a mask of four dimensions": [
    () =>
      attentive(keepIn, {
        more: inputAdded("attention_mask", DataType.INT64, ["batch", 1, "length", "total"]),
      }),
    /"attention_mask" to have 2 dimensions but found 4/,
  ],
  "two texts at a time": [
    () => withIds(attentive(), [2, "length"]),
    /takes "input_ids" in one size alone \(2 × length\)/,
  ],
  "two tokens at a time": [
    () => withIds(attentive(), ["batch", 2]),
    /takes "input_ids" in one size alone \(batch × 2\)/,
  ],
  "texts of eight tokens": [
    () => withIds(attentive(), [1, 8]),
    /takes "input_ids" in one size alone \(1 × 8\)/,
  ],
  "token ids of one dimension": [
    () => withIds(attentive(), ["length"]),
    /"input_ids" to have 2 dimensions but found 1/,
  ],
  "beams": [
    () => attentive(keepIn, { more: inputAdded("beam_idx", DataType.INT32, ["batch"]) }),
    /inputs that we do not know: "beam_idx"/,
  ],
  "a length under another name": [
    () => attentive(keepIn, { more: inputAdded("past_length", DataType.INT64, [1]) }),
    /do not know: "past_length"/,
  ],
  "a past that holds truth values": [
    () => attentive(keepIn, { more: inputAdded("past_seen", DataType.BOOL, ["batch", 4]) }),
    /do not know: "past_seen"/,
  ],
  "an encoder's mask": [
    () =>
      attentive(keepIn, { more: inputAdded("encoder_attention_mask", DataType.INT64, ["batch", "length"]) }),
    /encoder-decoder model \(its graph asks for "encoder_attention_mask"\)/,
  ],
};

/** The logits of the last token alone, whatever was asked for. */
export function lastAlone(): Uint8Array {
  return attentive(keepIn, {
    head: (b, logits) => void b.op("Identity", [b.sliced(logits, 1, -1, END)], {}, "logits"),
  });
}

/** Logits that differ by rounding alone. */
export function allAlike(): Uint8Array {
  return attentive(keepIn, {
    head: (b, logits) => void b.op("Mul", [logits, b.floats([1e-7])], {}, "logits"),
  });
}

/** One tensor for all layers, keys and values. */
export function onePast(cached: boolean): Uint8Array {
  return smallModel((b, x) => {
    const dims = [2, 2, "batch", 2, "past_length", 8];
    const past = cached
      ? b.input("past_key_values", DataType.FLOAT, dims)
      : b.op("ConstantOfShape", [b.ints([2, 2, 1, 2, 0, 8])]);
    const layers: string[] = [];
    let sum = x;
    for (const layer of [0, 1]) {
      const pair: string[] = [];
      const keep: Keep = ({ name }, { of }) => {
        const kind = name.endsWith("key") ? 0 : 1;
        const whole = of(b.op("Gather", [b.op("Gather", [past, b.ints([layer], [])]), b.ints([kind], [])]));
        pair[kind] = b.op("Unsqueeze", [whole, b.ints([0])]);
        return whole;
      };
      sum = b.op("Add", [sum, attending(optimum)(b, sum, layer, keep)]);
      layers.push(b.op("Unsqueeze", [b.op("Concat", pair, { axis: 0n }), b.ints([0])]));
    }
    if (!cached) return sum;
    b.op("Concat", layers, { axis: 0n }, "present_key_values");
    b.output("present_key_values", dims.map((size) => size === "past_length" ? "total_length" : size));
    return sum;
  });
}

export { VOCABULARY };
