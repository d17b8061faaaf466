// What is known of values' shapes before the graph runs: enough to see which gradients need no sum over broadcast axes.
// What it does not know is left to the run, so a missing rule costs nodes and nothing else.
import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { dimsOf, valuesOf } from "../../onnx/graph_tensors.ts";
import { dimensionsOf } from "../../onnx/graph_values.ts";
import { broadcastDim, type Dim, productOf, quotientOf, sumOf } from "./dimensions.ts";

const LIKE_FIRST: ReadonlySet<string> = new Set([
  ...[
    "Identity",
    "Cast",
    "Dropout",
    "Neg",
    "Sqrt",
    "Reciprocal",
    "Exp",
    "Log",
    "Sin",
    "Cos",
    "Tanh",
    "Sigmoid",
    "Erf",
  ],
  ...["Softplus", "Abs", "Sign", "Relu", "LeakyRelu", "Elu", "Clip", "Softmax", "LogSoftmax", "Not", "IsNaN"],
  ...["SimplifiedLayerNormalization", "RMSNormalization", "LayerNormalization", "CumSum", "Trilu"],
  ...["RotaryEmbedding", "Gelu", "BiasGelu", "FastGelu", "QuickGelu", "Swish"],
]);
const BROADCAST: ReadonlySet<string> = new Set([
  ...["Add", "Sub", "Mul", "Div", "Pow", "Sum", "Max", "Min", "Where", "And", "Or", "Xor", "BitShift"],
  ...["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"],
]);
const SAME_LIST: ReadonlySet<string> = new Set(["Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape"]);
const LONGEST_LIST = 16;

/** Shapes of the values of one graph, as it is when they are asked for. */
export class Shapes {
  readonly #known = new Map<string, readonly Dim[] | null>();
  #unknown = 0;

  constructor(private readonly draft: GraphDraft) {
    for (const input of draft.inputs) {
      this.#known.set(
        input.name,
        dimensionsOf(input)?.map((size) => size === "" ? this.#fresh() : size) ?? null,
      );
    }
    for (const node of draft.nodes) for (const name of node.output) this.dims(name); // in order: no deep recursion
  }

  /** The dimensions of a value, or null where not even their number is known. */
  dims(name: string): readonly Dim[] | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const node = this.draft.producer(name);
    const constant = node === undefined || node.opType === "Constant" ? this.draft.constant(name) : undefined;
    const found = constant !== undefined
      ? dimsOf(constant)
      : node === undefined
      ? null
      : this.#infer(node, name);
    this.#known.set(name, found);
    return found;
  }

  /** Says that a value has the shape of another: a gradient that of what it is the gradient of. */
  learn(name: string, like: string): void {
    const dims = this.dims(like);
    if (dims !== null) this.#known.set(name, dims);
  }

  /** A size that equals no other as far as is known. */
  #fresh(): Dim {
    return `?${this.#unknown++}`;
  }

  #infer(node: NodeProto, name: string): readonly Dim[] | null {
    const inputs = node.input.map((input) => input === "" ? null : this.dims(input));
    const [x = null] = inputs;
    if (LIKE_FIRST.has(node.opType)) return name === node.output[0] ? x : null;
    if (BROADCAST.has(node.opType)) return this.#broadcast(inputs);
    if (node.opType === "Range") return [this.#countOf(node)];
    const rule = this.#rules[node.opType];
    return x === null || rule === undefined
      ? null
      : rule(node, x, inputs[1] ?? null, node.output.indexOf(name));
  }

  #broadcast(all: readonly (readonly Dim[] | null)[]): readonly Dim[] | null {
    return all.reduce((a, b) => {
      if (a === null || b === null) return null;
      const rank = Math.max(a.length, b.length);
      const [left, right] = [a, b].map((dims) => [...new Array<Dim>(rank - dims.length).fill(1), ...dims]);
      return left!.map((size, axis) => broadcastDim(size, right![axis]!) ?? this.#fresh());
    });
  }

  readonly #rules: Readonly<
    Record<
      string,
      (node: NodeProto, x: readonly Dim[], y: readonly Dim[] | null, output: number) => readonly Dim[] | null
    >
  > = {
    MatMul: (_, a, b) => this.#product(a, b, false, false),
    FusedMatMul: (node, a, b) =>
      this.#product(a, b, intAttribute(node, "transA", 0) === 1, intAttribute(node, "transB", 0) === 1),
    Gemm: (node, a, b) =>
      this.#product(a, b, intAttribute(node, "transA", 0) === 1, intAttribute(node, "transB", 0) === 1),
    MatMulNBits: (node, a) => [...a.slice(0, -1), intAttribute(node, "N", 0)],
    Transpose: (node, x) => (intsAttribute(node, "perm") ?? [...x.keys()].reverse()).map((axis) => x[axis]!),
    Reshape: (node, x) => this.#reshape(x, this.#list(node.input[1] ?? "")),
    Expand: (node, x) => this.#broadcast([x, this.#list(node.input[1] ?? "")]),
    Unsqueeze: (node, x) => {
      const axes = this.#constants(node, 1);
      if (axes === null) return null;
      const rank = x.length + axes.length;
      const places = new Set(axes.map((axis) => (axis + rank) % rank));
      const rest = [...x];
      return Array.from({ length: rank }, (_, axis) => places.has(axis) ? 1 : rest.shift()!);
    },
    ReduceSum: (node, x) => this.#reduced(node, x),
    ReduceMean: (node, x) => this.#reduced(node, x),
    Concat: (node, x) => {
      const axis = (intAttribute(node, "axis", 0) + x.length) % x.length;
      const sizes = node.input.map((input) => this.dims(input)?.[axis]);
      const total = sizes.includes(undefined) ? this.#fresh() : sumOf(sizes as Dim[]) ?? this.#fresh();
      return x.map((size, index) => index === axis ? total : size);
    },
    Split: (node, x, _, output) => {
      const axis = (intAttribute(node, "axis", 0) + x.length) % x.length;
      const size = this.#constants(node, 1)?.[output] ?? this.#fresh();
      return x.map((own, index) => index === axis ? size : own);
    },
    Slice: (node, x) => this.#sliced(node, x),
    Gather: (node, x, indices) => {
      const axis = (intAttribute(node, "axis", 0) + x.length) % x.length;
      return indices === null ? null : [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
    },
    GatherBlockQuantized: (node, _, indices) => {
      const blocks = this.dims(node.input[2] ?? "")?.at(-1);
      if (indices === null || typeof blocks !== "number") return null;
      return [...indices, blocks * intAttribute(node, "block_size", 128)];
    },
  };

  #product(a: readonly Dim[], b: readonly Dim[] | null, transA: boolean, transB: boolean): Dim[] | null {
    if (b === null || a.length < 2 || b.length < 2) return null;
    const batch = this.#broadcast([a.slice(0, -2), b.slice(0, -2)]) ?? [];
    return [...batch, a.at(transA ? -1 : -2)!, b.at(transB ? -2 : -1)!];
  }

  #reshape(x: readonly Dim[], shape: readonly Dim[] | null): Dim[] | null {
    if (shape === null) return null;
    const sizes = shape.map((size, axis) => size === 0 ? x[axis] ?? this.#fresh() : size);
    const others = sizes.filter((size) => size !== -1);
    return sizes.map((size) => size === -1 ? quotientOf(x, others) ?? this.#fresh() : size);
  }

  #reduced(node: NodeProto, x: readonly Dim[]): Dim[] | null {
    const axes = intsAttribute(node, "axes") ?? this.#constants(node, 1);
    if (axes === null) return null;
    const gone = new Set(axes.map((axis) => (axis + x.length) % x.length));
    if (intAttribute(node, "keepdims", 1) === 1) return x.map((size, axis) => gone.has(axis) ? 1 : size);
    return x.filter((_, axis) => !gone.has(axis));
  }

  #sliced(node: NodeProto, x: readonly Dim[]): Dim[] | null {
    const [starts, ends, axes] = [1, 2, 3].map((index) => this.#constants(node, index));
    const along = axes ?? (starts === null || starts === undefined ? null : [...starts.keys()]);
    if (along === null) return null;
    const steps = (node.input[4] ?? "") === "" ? along.map(() => 1) : this.#constants(node, 4);
    const result = [...x];
    along.forEach((axis, index) => {
      const at = (axis + x.length) % x.length;
      const [size, start, end, step] = [x[at]!, starts?.[index], ends?.[index], steps?.[index]];
      const known = typeof size === "number" && start !== undefined && end !== undefined && step === 1;
      const place = (value: number) =>
        Math.min(Math.max(value < 0 ? value + Number(size) : value, 0), Number(size));
      result[at] = known ? Math.max(0, place(end) - place(start)) : this.#fresh();
    });
    return result;
  }

  /** How many numbers a Range of step 1 gives: n from 0 to n, and from a to a + n. */
  #countOf(node: NodeProto): Dim {
    const [start, limit, step] = node.input as [string, string, string];
    const [from, by] = [this.#list(start)?.[0], this.#list(step)?.[0]];
    if (by !== 1) return this.#fresh();
    if (from === 0) return this.#list(limit)?.[0] ?? this.#fresh();
    const sum = this.draft.producer(this.#root(limit));
    const others = sum?.opType === "Add"
      ? sum.input.filter((term) => this.#root(term) !== this.#root(start))
      : [];
    return (others.length === 1 ? this.#list(others[0]!)?.[0] : undefined) ?? this.#fresh();
  }

  /** The value that this one holds the same numbers as, in another shape or type. */
  #root(name: string): string {
    const node = this.draft.producer(name);
    return node !== undefined && SAME_LIST.has(node.opType) ? this.#root(node.input[0]!) : name;
  }

  /** The integers of a constant input, or null. */
  #constants(node: NodeProto, index: number): number[] | null {
    const constant = this.draft.constant(node.input[index] ?? "");
    return constant === undefined ? null : valuesOf(constant);
  }

  /** A list of sizes that is made from constants and shapes, or null. */
  #list(name: string): readonly Dim[] | null {
    const constant = this.draft.constant(name);
    if (constant !== undefined) {
      const short = dimsOf(constant).reduce((a, b) => a * b, 1) <= LONGEST_LIST;
      return short ? valuesOf(constant) : null;
    }
    const node = this.draft.producer(name);
    const [first = ""] = node?.input ?? [];
    if (node === undefined) return null;
    if (SAME_LIST.has(node.opType)) return this.#list(first);
    switch (node.opType) {
      case "Shape": {
        const dims = this.dims(first);
        return dims?.slice(intAttribute(node, "start", 0), intAttribute(node, "end", dims.length)) ?? null;
      }
      case "Gather": {
        const [from, places] = [this.#list(first), this.#constants(node, 1)];
        return from === null || places === null
          ? null
          : places.map((place) => from.at(place) ?? this.#fresh());
      }
      case "Concat": {
        const parts = node.input.map((input) => this.#list(input));
        return parts.includes(null) ? null : parts.flatMap((part) => [...part!]);
      }
      case "Add":
      case "Mul": {
        const [a, b] = node.input.map((input) => this.#list(input));
        if (a?.length !== 1 || b?.length !== 1) return null;
        const result = node.opType === "Mul" ? productOf([a[0]!, b[0]!]) : sumOf([a[0]!, b[0]!]);
        return result === null ? null : [result];
      }
      default:
        return null;
    }
  }
}
