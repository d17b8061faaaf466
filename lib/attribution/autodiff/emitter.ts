// Short names for the ONNX operators that gradients are written with. Every function adds one or a few nodes to the
// graph and returns the name of the value they give.
import { type NodeProto, NodeProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { copyWith } from "../../onnx/copy_with.ts";
import type { GraphDraft, NodeOptions } from "../../onnx/graph_draft.ts";
import { createFloatTensor, createInt64Tensor } from "../../onnx/graph_tensors.ts";
import { rowsOfWeight } from "../../onnx/weight_references.ts";
import { END } from "../forms/emit.ts";
import type { Shapes } from "../shapes/shapes.ts";

/** Adds nodes to a graph. Shapes are asked for once per value, so one emitter serves one place of the graph. */
export class Emitter {
  readonly #shapes = new Map<string, string>();
  readonly #computed = new Map<string, string>();
  readonly #made = new Map<string, string>();

  /** `known`: what is known of the graph's shapes; without it everything is left to the run. */
  constructor(readonly draft: GraphDraft, readonly known: Shapes | null = null) {}

  op(type: string, input: readonly string[], attributes: NodeOptions["attributes"] = {}): string {
    return this.#once(type, input, { attributes });
  }
  contrib(type: string, input: readonly string[], attributes: NodeOptions["attributes"] = {}): string {
    return this.#once(type, input, { attributes, domain: "com.microsoft" });
  }
  /** What is computed the same way is computed once. */
  #once(type: string, input: readonly string[], options: NodeOptions): string {
    const attributes = Object.entries(options.attributes ?? {}).map(([name, value]) =>
      `${name}=${typeof value === "object" && "$typeName" in value ? value.floatData : value}`
    );
    const key = [type, ...input, ...attributes].join(" ");
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.draft.op(type, input, options);
    this.#made.set(key, made);
    return made;
  }

  /** A float32 scalar. */
  number(value: number): string {
    return this.draft.floats([value]);
  }
  ints(...values: number[]): string {
    return this.draft.ints(values);
  }

  add = (a: string, b: string) => this.op("Add", [a, b]);
  sub = (a: string, b: string) => this.op("Sub", [a, b]);
  mul = (a: string, b: string) => this.op("Mul", [a, b]);
  div = (a: string, b: string) => this.op("Div", [a, b]);
  neg = (x: string) => this.op("Neg", [x]);
  sqrt = (x: string) => this.op("Sqrt", [x]);
  exp = (x: string) => this.op("Exp", [x]);
  where = (condition: string, a: string, b: string) => this.op("Where", [condition, a, b]);
  scale = (x: string, factor: number) => factor === 1 ? x : this.mul(x, this.number(factor));
  cast = (x: string, to = DataType.FLOAT) => this.op("Cast", [x], { to: BigInt(to) });

  matMul = (a: string, b: string) => this.op("MatMul", [a, b]);
  /** a · bᵀ over the last two axes. */
  matMulTransposed = (a: string, b: string) => this.contrib("FusedMatMul", [a, b], { transB: 1n });
  /** aᵀ · b over the last two axes. */
  transposedMatMul = (a: string, b: string) => this.contrib("FusedMatMul", [a, b], { transA: 1n });
  transpose = (x: string, perm: readonly number[]) => this.op("Transpose", [x], { perm: perm.map(BigInt) });

  /** The sum over constant axes. */
  sum(x: string, axes: readonly number[], keepDims = true): string {
    return this.op("ReduceSum", [x, this.draft.ints(axes)], { keepdims: keepDims ? 1n : 0n });
  }
  /** The mean over the last axis, which is kept with size 1. */
  meanOfLast(x: string): string {
    const width = this.known?.dims(x)?.at(-1);
    return this.div(
      this.sum(x, [-1]),
      typeof width === "number" ? this.number(width) : this.cast(this.dims(x, -1)),
    );
  }

  shape(x: string): string {
    const dims = this.known?.dims(x);
    const key = dims === null || dims === undefined ? x : `[${dims}]`; // values of one shape share it
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const numbers = dims?.every((size) => typeof size === "number") === true;
    const shape = numbers ? this.ints(...dims as readonly number[]) : this.op("Shape", [x]);
    this.#shapes.set(key, shape);
    return shape;
  }
  /** The sizes of axes `from` up to `to`, as a list. */
  dims(x: string, from: number, to = END): string {
    return this.slice(this.shape(x), 0, from, to);
  }
  /** How many elements `x` has, as a list of one. */
  count(x: string): string {
    return this.op("ReduceProd", [this.shape(x)], { keepdims: 1n });
  }
  zerosLike(x: string): string {
    return this.op("ConstantOfShape", [this.shape(x)]);
  }
  onesLike(x: string): string {
    return this.op("ConstantOfShape", [this.shape(x)], { value: createFloatTensor("", [1]) });
  }

  reshape = (x: string, shape: string) => this.op("Reshape", [x, shape]);
  reshapeLike(x: string, like: string): string {
    return this.#sameShape(x, like) ? x : this.reshape(x, this.shape(like));
  }
  expandLike(x: string, like: string): string {
    return this.#sameShape(x, like) ? x : this.op("Expand", [x, this.shape(like)]);
  }
  unsqueeze = (x: string, ...axes: number[]) => this.op("Unsqueeze", [x, this.draft.ints(axes)]);
  squeeze = (x: string, ...axes: number[]) => this.op("Squeeze", [x, this.draft.ints(axes)]);
  concat = (parts: readonly string[], axis: number) => this.op("Concat", parts, { axis: BigInt(axis) });
  /** Elements `from` up to `to` along a constant axis. */
  slice(x: string, axis: number, from: number, to = END): string {
    return this.op("Slice", [x, this.ints(from), this.ints(to), this.ints(axis)]);
  }
  /** Parts along an axis, their sizes in a list that may be computed. */
  split(x: string, sizes: string, axis: number, count: number): string[] {
    return this.draft.ops("Split", [x, sizes], { attributes: { axis: BigInt(axis) }, outputs: count });
  }
  /** 0, 1, …, n - 1 for `n`, a list of one. */
  range(n: string): string {
    return this.op("Range", [this.draft.ints([0], []), this.squeeze(n, 0), this.draft.ints([1], [])]);
  }

  /** A list of one number that ONNX Runtime does not know before the graph runs, so that it folds nothing that is made
   * with it; `like` is any value whose first axis is free. */
  computed(value: number, type: DataType, like: string): string {
    const key = `${value} ${type}`;
    const known = this.#computed.get(key);
    if (known !== undefined) return known;
    const none = this.op("Mul", [this.slice(this.op("Shape", [like]), 0, 0, 1), this.ints(0)]);
    const made = this.cast(this.op("Add", [none, this.ints(value)]), type);
    this.#computed.set(key, made);
    return made;
  }
  /** Numbers that ONNX Runtime does not know before the graph runs, as {@link computed}, along the first of `rank`
   * axes. */
  computedAlong(values: readonly number[], rank: number, type: DataType, like: string): string {
    const key = `${values} ${rank} ${type}`;
    const known = this.#computed.get(key);
    if (known !== undefined) return known;
    const none = this.computed(0, DataType.INT64, like);
    const dims = [values.length, ...new Array<number>(rank - 1).fill(1)];
    const made = this.cast(this.op("Add", [this.draft.ints(values, dims), none]), type);
    this.#computed.set(key, made);
    return made;
  }

  /** Rows `from` up to `to` of a constant that is arranged in `dims`: the weight's own bytes once more where it lies in
   * a file, else nodes. */
  rowsOf(
    name: string,
    dims: readonly number[],
    range: { readonly from: number; readonly to: number },
  ): string {
    const weight = this.draft.producer(name) === undefined ? this.draft.constant(name) : undefined;
    const view = weight === undefined ? null : rowsOfWeight(weight, dims, range);
    if (view !== null) return this.draft.initializer(view);
    return this.slice(this.reshape(name, this.ints(...dims)), 0, range.from, range.to);
  }

  /** A constant that is not folded into others while the graph opens. */
  deferred(constant: string, like: string): string {
    const none = this.computed(0, DataType.INT64, like);
    return this.reshape(constant, this.op("Add", [this.op("Shape", [constant]), none]));
  }

  /** The node once more, on other inputs; its first output. */
  again(node: NodeProto, input: readonly string[]): string {
    const output = this.draft.fresh(node.opType);
    this.draft.add(copyWith(NodeProtoSchema, node, { name: output, input: [...input], output: [output] }));
    return output;
  }

  /** `gradient` summed over the axes along which `x` was broadcast, in the shape of `x`: the gradient of broadcasting.
   * Which axes those are is decided when the graph runs, where it is not known before. */
  sumLike(gradient: string, x: string): string {
    const axes = this.#broadcastAxes(gradient, x);
    if (axes === null) return this.#sumWhereBroadcast(gradient, x);
    return axes.length === 0 ? gradient : this.reshapeLike(this.sum(gradient, axes), x);
  }

  /** The axes of `gradient` along which `x` is known to have been broadcast; null where only the run can tell. */
  #broadcastAxes(gradient: string, x: string): number[] | null {
    const [from, to] = [this.known?.dims(gradient), this.known?.dims(x)];
    if (from === null || from === undefined || to === null || to === undefined) return null;
    const missing = from.length - to.length;
    const axes: number[] = [];
    for (const [axis, size] of from.entries()) {
      const own = axis < missing ? 1 : to[axis - missing]!;
      if (axis < missing || (own === 1 && size !== 1)) axes.push(axis);
      else if (own !== size && typeof own !== "number") return null;
    }
    return axes;
  }

  #sameShape(a: string, b: string): boolean {
    const [from, to] = [this.known?.dims(a), this.known?.dims(b)];
    return from !== null && from !== undefined && `${from}` === `${to}`;
  }

  #sumWhereBroadcast(gradient: string, x: string): string {
    const [from, to] = [this.shape(gradient), this.shape(x)];
    const missing = this.sub(this.shape(from), this.shape(to)); // how many axes broadcasting put in front
    const ones = this.op("ConstantOfShape", [missing], { value: createInt64Tensor("", [1]) });
    const same = this.op("Equal", [from, this.concat([ones, to], 0)]);
    const axes = this.reshape(this.op("NonZero", [this.op("Not", [same])]), this.ints(-1));
    const summed = this.op("ReduceSum", [gradient, axes], { keepdims: 1n, noop_with_empty_axes: 1n });
    return this.reshape(summed, to);
  }
}
