// An ONNX language model built node by node, its weights random.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
  type ValueInfoProto,
} from "onnx-buf";
import { type AttributeValue, createAttributes } from "../../lib/onnx/graph_attributes.ts";
import { createFloatTensor, createInt64Tensor } from "../../lib/onnx/graph_tensors.ts";
import { createTensorInfo } from "../../lib/onnx/graph_values.ts";
import { noise } from "./one_node.ts";

/** Nodes and weights in the order in which they are added; `model` writes them, `input_ids` in and `logits` out. */
export class Builder {
  readonly #nodes: NodeProto[] = [];
  readonly #weights = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [createTensorInfo("input_ids", DataType.INT64, ["batch", "length"])];
  readonly #outputs: ValueInfoProto[] = [];

  /** `prefix`: of the names that it gives; a branch's differ from those around it. */
  constructor(readonly prefix = "") {}

  /** One more input of the graph. */
  input(name: string, type: DataType, dims: readonly (number | string)[]): string {
    this.#inputs.push(createTensorInfo(name, type, [...dims]));
    return name;
  }

  /** One more output of the graph, a value that already has this name. */
  output(name: string, dims: readonly (number | string)[]): void {
    this.#outputs.push(createTensorInfo(name, DataType.FLOAT, [...dims]));
  }

  /** The nodes as a branch that gives these values; it reads what lies around it, its weights too. */
  branch(outputs: readonly string[]): GraphProto {
    const output = outputs.map((name) => createTensorInfo(name, DataType.FLOAT, null));
    const initializer = [...this.#weights.values()];
    return create(GraphProtoSchema, { name: this.prefix, node: this.#nodes, initializer, output });
  }

  /** The outputs of the one branch or the other, under these names. */
  choice(condition: string, yes: GraphProto, no: GraphProto, output: readonly string[]): void {
    const attribute = [["then_branch", yes], ["else_branch", no]].map(([name, g]) =>
      create(AttributeProtoSchema, {
        name: name as string,
        type: AttributeProto_AttributeType.GRAPH,
        g: g as GraphProto,
      })
    );
    const node = { opType: "If", name: `n${this.#nodes.length}`, input: [condition], output: [...output] };
    this.#nodes.push(create(NodeProtoSchema, { ...node, attribute }));
  }

  /** A loop without an end: `x` is handed from turn to turn as it is. The outputs of its condition and of `x`. */
  endlessLoop(x: string, prefix = "turn"): string {
    const info = (name: string, type: DataType, dims: readonly number[] | null) =>
      createTensorInfo(`${prefix}_${name}`, type, dims === null ? null : [...dims]);
    const same = (from: string, to: string) =>
      create(NodeProtoSchema, {
        opType: "Identity",
        name: `${prefix}_${to}`,
        input: [`${prefix}_${from}`],
        output: [`${prefix}_${to}`],
      });
    const g = create(GraphProtoSchema, {
      name: prefix,
      input: [
        info("number", DataType.INT64, []),
        info("goes_on", DataType.BOOL, []),
        info("x", DataType.FLOAT, null),
      ],
      node: [same("goes_on", "on"), same("x", "same")],
      output: [info("on", DataType.BOOL, []), info("same", DataType.FLOAT, null)],
    });
    const body = create(AttributeProtoSchema, { name: "body", type: AttributeProto_AttributeType.GRAPH, g });
    const yes = this.op("Equal", [this.ints([1], []), this.ints([1], [])]);
    const node = { opType: "Loop", name: prefix, input: ["", yes, x], output: [`${prefix}_out`] };
    this.#nodes.push(create(NodeProtoSchema, { ...node, attribute: [body] }));
    return `${prefix}_out`;
  }

  op(
    opType: string,
    input: readonly string[],
    values: Readonly<Record<string, AttributeValue>> = {},
    output = `${this.prefix}v${this.#nodes.length}`,
  ): string {
    const node = {
      opType,
      name: `${this.prefix}n${this.#nodes.length}`,
      input: [...input],
      output: [output],
    };
    this.#nodes.push(create(NodeProtoSchema, { ...node, attribute: createAttributes(values) }));
    return output;
  }

  weight(name: string, dims: readonly number[], scale: number, seed = 17 + this.#weights.size): string {
    const values = [...noise(dims, seed).data].map((value) => Number(value) * scale);
    this.#weights.set(name, createFloatTensor(name, values, [...dims]));
    return name;
  }

  scaled(x: string, factor: number): string {
    return this.op("Mul", [x, this.floats([factor])]);
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.op("Reshape", [x, this.ints(shape)]);
  }

  floats(values: readonly number[], dims: readonly number[] = []): string {
    const name = `${this.prefix}c${this.#weights.size}`;
    this.#weights.set(name, createFloatTensor(name, [...values], [...dims]));
    return name;
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const name = `${this.prefix}c${this.#weights.size}`;
    this.#weights.set(name, createInt64Tensor(name, [...values], [...dims]));
    return name;
  }

  /** c tanh(x / c). */
  capped(x: string, size: number): string {
    return this.scaled(this.op("Tanh", [this.op("Div", [x, this.floats([size])])]), size);
  }

  /** The mean over the last axis, which stays with size 1. */
  mean(x: string): string {
    return this.op("ReduceMean", [x, this.ints([-1])], { keepdims: 1n });
  }

  /** √(mean x² + ε) over the last axis. */
  deviation(x: string): string {
    const square = this.mean(this.op("Pow", [x, this.floats([2])]));
    return this.op("Sqrt", [this.op("Add", [square, this.floats([1e-5])])]);
  }

  /** x / √(mean x² + ε), by the reciprocal. */
  rootMeanSquare(x: string): string {
    return this.op("Mul", [x, this.op("Reciprocal", [this.deviation(x)])]);
  }

  /** 0, 1, …, rows - 1. */
  places(): string {
    const length = this.op("Reshape", [
      this.op("Gather", [this.op("Shape", ["input_ids"]), this.ints([1])]),
      this.ints([], [0]),
    ]);
    return this.op("Range", [this.ints([0], []), length, this.ints([1], [])]);
  }

  transposed(x: string, ...perm: number[]): string {
    return this.op("Transpose", [x], { perm: perm.map(BigInt) });
  }

  /** Elements [from, to) of one axis, every `step`-th. */
  sliced(x: string, axis: number, from: number, to: number, step = 1): string {
    return this.op("Slice", [x, this.ints([from]), this.ints([to]), this.ints([axis]), this.ints([step])]);
  }

  model(vocabulary: number): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: "small",
      input: this.#inputs,
      output: [createTensorInfo("logits", DataType.FLOAT, ["batch", "length", vocabulary]), ...this.#outputs],
      node: this.#nodes,
      initializer: [...this.#weights.values()],
    });
    const opsetImport = [create(OperatorSetIdProtoSchema, { domain: "", version: 18n })];
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, opsetImport, graph }));
  }
}
