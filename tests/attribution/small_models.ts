// Language models of two layers with random weights, built node by node, in the ways that families differ: how they
// normalise, where, whether attention and MLP stand side by side, biases, soft-caps, folded positions.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
} from "onnx-buf";
import { attributes, type AttributeValue } from "../../lib/onnx/graph_attributes.ts";
import { floatTensor, int64Tensor } from "../../lib/onnx/graph_tensors.ts";
import { tensorInfo } from "../../lib/onnx/graph_values.ts";
import { noise } from "./one_node.ts";

export interface Family {
  readonly norm: "rms" | "rms in pieces" | "layer" | "layer in pieces";
  /** Normalises what a block writes as well (Gemma 2). */
  readonly normsWrites?: boolean;
  /** Attention and MLP read the same stream (GPT-NeoX); "nested": x + attention first, then + MLP. */
  readonly parallel?: boolean | "nested";
  readonly biases?: boolean;
  readonly softcap?: number; // of the logits
  readonly scoreCap?: number; // of the attention scores
  /** The stream is [batch · rows, width] around the MLPs (OPT). */
  readonly folded?: boolean;
  readonly embeddingScale?: number;
  readonly writeScale?: number; // Granite
  readonly logitScale?: number;
}

export const [WIDTH, HEADS, VOCABULARY] = [24, 3, 40];
const [HEAD_WIDTH, INNER] = [8, 32];

/** The serialised model: `input_ids` in, `logits` out, no cache. */
export function smallModel(family: Family): Uint8Array {
  const builder = new Builder();
  const ids = builder.op("Gather", [builder.weight("table", [VOCABULARY, WIDTH], 2), "input_ids"]);
  let stream = family.embeddingScale === undefined ? ids : builder.scaled(ids, family.embeddingScale);
  for (const layer of [0, 1]) stream = block(builder, family, stream, layer);
  const normed = norm(builder, family, stream, "final");
  let logits = linear(builder, normed, "head", WIDTH, VOCABULARY, family.biases ?? false);
  if (family.logitScale !== undefined) logits = builder.scaled(logits, family.logitScale);
  if (family.softcap !== undefined) logits = cap(builder, logits, family.softcap);
  builder.op("Identity", [logits], {}, "logits");
  return builder.model();
}

function block(b: Builder, family: Family, stream: string, layer: number): string {
  const name = `layer${layer}`;
  const attended = write(
    b,
    family,
    attention(b, family, norm(b, family, stream, `${name}.in`), name),
    `${name}.out`,
  );
  if (family.parallel === "nested") {
    const mlp = write(
      b,
      family,
      feedForward(b, family, norm(b, family, stream, `${name}.mid`), name),
      `${name}.mlp`,
    );
    return b.op("Add", [b.op("Add", [stream, attended]), mlp]);
  }
  if (family.parallel) {
    const mlp = write(
      b,
      family,
      feedForward(b, family, norm(b, family, stream, `${name}.mid`), name),
      `${name}.mlp`,
    );
    return b.op("Add", [b.op("Add", [mlp, attended]), stream]);
  }
  let middle = b.op("Add", [stream, attended]);
  if (family.folded) middle = b.reshape(middle, [-1, WIDTH]);
  const mlp = write(
    b,
    family,
    feedForward(b, family, norm(b, family, middle, `${name}.mid`), name),
    `${name}.mlp`,
  );
  const sum = b.op("Add", [mlp, middle]);
  if (!family.folded) return sum;
  return b.op("Reshape", [sum, b.op("Concat", [b.op("Shape", ["input_ids"]), b.ints([-1])], { axis: 0n })]);
}

function write(b: Builder, family: Family, value: string, name: string): string {
  const scaled = family.writeScale === undefined ? value : b.scaled(value, family.writeScale);
  return family.normsWrites ? norm(b, family, scaled, `${name}.post`) : scaled;
}

function attention(b: Builder, family: Family, x: string, name: string): string {
  const heads = (part: string) =>
    b.op("Transpose", [
      b.reshape(linear(b, x, `${name}.${part}`, WIDTH, WIDTH, family.biases ?? false), [0, 0, HEADS, -1]),
    ], {
      perm: [0n, 2n, 1n, 3n],
    });
  const [q, k, v] = [heads("q"), heads("k"), heads("v")];
  let scores = b.scaled(
    b.op("MatMul", [q, b.op("Transpose", [k], { perm: [0n, 1n, 3n, 2n] })]),
    HEAD_WIDTH ** -0.5,
  );
  if (family.scoreCap !== undefined) scores = cap(b, scores, family.scoreCap);
  const length = b.op("Reshape", [
    b.op("Gather", [b.op("Shape", ["input_ids"]), b.ints([1])]),
    b.ints([], [0]),
  ]);
  const places = b.op("Range", [b.ints([0], []), length, b.ints([1], [])]);
  const hidden = b.op("Greater", [b.reshape(places, [1, -1]), b.reshape(places, [-1, 1])]);
  const masked = b.op("Where", [hidden, b.floats([-1e9]), scores]);
  const context = b.op("MatMul", [b.op("Softmax", [masked], { axis: -1n }), v]);
  const merged = b.reshape(b.op("Transpose", [context], { perm: [0n, 2n, 1n, 3n] }), [0, 0, -1]);
  return linear(b, merged, `${name}.o`, WIDTH, WIDTH, family.biases ?? false);
}

function feedForward(b: Builder, family: Family, x: string, name: string): string {
  const inner = linear(b, x, `${name}.up`, WIDTH, INNER, family.biases ?? false);
  return linear(b, b.op("Relu", [inner]), `${name}.down`, INNER, WIDTH, family.biases ?? false);
}

function linear(b: Builder, x: string, name: string, from: number, to: number, bias: boolean): string {
  const product = b.op("MatMul", [x, b.weight(`${name}.weight`, [from, to], 2 / Math.sqrt(from))]);
  return bias ? b.op("Add", [b.weight(`${name}.bias`, [to], 0.5), product]) : product;
}

function norm(b: Builder, { norm: kind }: Family, x: string, name: string): string {
  const weight = b.weight(`${name}.norm`, [WIDTH], 1);
  const attrs = { axis: -1n, epsilon: 1e-5 };
  if (kind === "rms") return b.op("SimplifiedLayerNormalization", [x, weight], { ...attrs, stash_type: 1n });
  const beta = () => b.weight(`${name}.beta`, [WIDTH], 1);
  if (kind === "layer") return b.op("LayerNormalization", [x, weight, beta()], attrs);
  const mean = (value: string) => b.op("ReduceMean", [value, b.ints([-1])], { keepdims: 1n });
  const centred = kind === "layer in pieces" ? b.op("Sub", [x, mean(x)]) : x;
  const deviation = b.op("Sqrt", [
    b.op("Add", [mean(b.op("Pow", [centred, b.floats([2])])), b.floats([1e-5])]),
  ]);
  if (kind === "layer in pieces") {
    return b.op("Add", [b.op("Mul", [b.op("Div", [centred, deviation]), weight]), beta()]);
  }
  return b.op("Mul", [weight, b.op("Mul", [centred, b.op("Reciprocal", [deviation])])]);
}

function cap(b: Builder, x: string, size: number): string {
  return b.scaled(b.op("Tanh", [b.op("Div", [x, b.floats([size])])]), size);
}

class Builder {
  readonly #nodes: NodeProto[] = [];
  readonly #weights = new Map<string, TensorProto>();

  op(
    opType: string,
    input: readonly string[],
    values: Readonly<Record<string, AttributeValue>> = {},
    output = `v${this.#nodes.length}`,
  ): string {
    const node = { opType, name: `n${this.#nodes.length}`, input: [...input], output: [output] };
    this.#nodes.push(create(NodeProtoSchema, { ...node, attribute: attributes(values) }));
    return output;
  }

  weight(name: string, dims: readonly number[], scale: number): string {
    const values = [...noise(dims, 17 + this.#weights.size).data].map((value) => Number(value) * scale);
    this.#weights.set(name, floatTensor(name, values, [...dims]));
    return name;
  }

  scaled(x: string, factor: number): string {
    return this.op("Mul", [x, this.floats([factor])]);
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.op("Reshape", [x, this.ints(shape)]);
  }

  floats(values: readonly number[], dims: readonly number[] = []): string {
    const name = `c${this.#weights.size}`;
    this.#weights.set(name, floatTensor(name, [...values], [...dims]));
    return name;
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const name = `c${this.#weights.size}`;
    this.#weights.set(name, int64Tensor(name, [...values], [...dims]));
    return name;
  }

  model(): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: "small",
      input: [tensorInfo("input_ids", DataType.INT64, ["batch", "length"])],
      output: [tensorInfo("logits", DataType.FLOAT, ["batch", "length", VOCABULARY])],
      node: this.#nodes,
      initializer: [...this.#weights.values()],
    });
    const opsetImport = [create(OperatorSetIdProtoSchema, { domain: "", version: 18n })];
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, opsetImport, graph }));
  }
}
