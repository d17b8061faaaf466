// The shape of what an operator gives, by operator. What is missing costs what the run must find out, and nothing else.
import { findOwn } from "../../basics/find_own.ts";
import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute } from "../../onnx/graph_attributes.ts";
import { broadcastDim, type Dim, productOf, quotientOf, sumOf } from "./dimensions.ts";
import type { Known } from "./known.ts";
import { countOf } from "./lists.ts";
import { ARITHMETIC, COMPARING, LIKE_FIRST } from "./operators.ts";

type Dims = readonly Dim[];
/** One node, with the shapes of its first two inputs, and which of its outputs is asked for. */
interface Asked {
  readonly known: Known;
  readonly node: NodeProto;
  readonly x: Dims;
  readonly y: Dims | null;
  readonly output: number;
}

const SHAPED_LIKE_FIRST: ReadonlySet<string> = new Set([
  ...LIKE_FIRST,
  ..."Cast Not IsNaN QuantizeLinear DequantizeLinear SimplifiedLayerNormalization RMSNormalization".split(
    " ",
  ),
]);
const BROADCAST: ReadonlySet<string> = new Set([...ARITHMETIC, ...COMPARING, "Where"]);

/** Ends of slices from here on mean the end of the axis, however long. */
const TO_THE_END = 2 ** 31 - 1;

/** The dimensions of output `name` of `node`, or null where not even their number is known. */
export function inferDims(known: Known, node: NodeProto, name: string): Dims | null {
  const inputs = node.input.map((input) => input === "" ? null : known.dims(input));
  const [x = null, y = null] = inputs;
  if (SHAPED_LIKE_FIRST.has(node.opType)) return name === node.output[0] ? x : null;
  if (BROADCAST.has(node.opType)) return broadcast(known, inputs);
  if (node.opType === "Range") return [countOf(known, node)];
  if (node.opType === "ConstantOfShape") return known.list(node.input[0] ?? "");
  const rule = findOwn(RULES, node.opType);
  if (x === null || rule === undefined) return null;
  return rule({ known, node, x, y, output: node.output.indexOf(name) });
}

const RULES: Readonly<Record<string, (asked: Asked) => Dims | null>> = {
  MatMul: (asked) => dimsOfProduct(asked, false),
  FusedMatMul: (asked) => dimsOfProduct(asked, true),
  Gemm: (asked) => dimsOfProduct(asked, true),
  MatMulInteger: (asked) => dimsOfProduct(asked, false),
  MatMulIntegerToFloat: (asked) => dimsOfProduct(asked, false),
  DynamicQuantizeMatMul: (asked) => dimsOfProduct(asked, false),
  DynamicQuantizeLinear: ({ x, output }) => output === 0 ? x : [],
  MatMulNBits: ({ node, x }) => [...x.slice(0, -1), intAttribute(node, "N", 0)],
  Transpose: ({ node, x }) =>
    (intsAttribute(node, "perm") ?? [...x.keys()].reverse()).map((axis) => x[axis]!),
  Reshape: ({ known, node, x }) => reshape(known, x, known.list(node.input[1] ?? "")),
  Flatten: ({ node, x }) => {
    const axis = intAttribute(node, "axis", 1);
    return [productOf(x.slice(0, axis)), productOf(x.slice(axis))];
  },
  Expand: ({ known, node, x }) => broadcast(known, [x, known.list(node.input[1] ?? "")]),
  Unsqueeze: ({ known, node, x }) => {
    const axes = axesOf(known, node);
    if (axes === null) return null;
    const rank = x.length + axes.length;
    const places = new Set(axes.map((axis) => (axis + rank) % rank));
    const rest = [...x];
    return Array.from({ length: rank }, (_, axis) => places.has(axis) ? 1 : rest.shift()!);
  },
  Squeeze: ({ known, node, x }) => {
    const axes = axesOf(known, node);
    return axes === null ? null : x.filter((_, axis) => !isAmong(axes, axis, x.length));
  },
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceProd: reduce,
  EyeLike: ({ x }) => x,
  Shape: (
    { node, x },
  ) => [x.slice(intAttribute(node, "start", 0), intAttribute(node, "end", x.length)).length],
  Concat: ({ known, node, x }) => {
    const axis = axisOf(node, x, 0);
    const sizes = node.input.map((input) => known.dims(input)?.[axis]);
    const total = sizes.includes(undefined) ? null : sumOf(sizes as Dim[]);
    return x.with(axis, total ?? known.fresh());
  },
  Split: ({ known, node, x, output }) => {
    const axis = axisOf(node, x, 0);
    const sizes = (node.input[1] ?? "") === "" ? intsAttribute(node, "split") : known.list(node.input[1]!);
    const equal = sizes === null ? quotientOf([x[axis]!], [node.output.length]) : null;
    return x.with(axis, sizes?.[output] ?? equal ?? known.fresh());
  },
  Slice: slice,
  Gather: ({ node, x, y }) => {
    const axis = axisOf(node, x, 0);
    return y === null ? null : [...x.slice(0, axis), ...y, ...x.slice(axis + 1)];
  },
  GatherBlockQuantized: ({ known, node, y }) => {
    const blocks = known.dims(node.input[2] ?? "")?.at(-1);
    if (y === null || typeof blocks !== "number") return null;
    return [...y, blocks * intAttribute(node, "block_size", 128)];
  },
};

function axisOf(node: NodeProto, x: Dims, fallback: number): number {
  return (intAttribute(node, "axis", fallback) + x.length) % x.length;
}

/** The axes that a node names: an attribute or, since operator set 13 or 18, an input. */
function axesOf(known: Known, node: NodeProto): number[] | null {
  return intsAttribute(node, "axes") ?? known.constants(node, 1);
}

function isAmong(axes: readonly number[], axis: number, rank: number): boolean {
  return axes.some((named) => (named + rank) % rank === axis);
}

function broadcast(known: Known, all: readonly (Dims | null)[]): Dims | null {
  return all.reduce((a, b) => {
    if (a === null || b === null) return null;
    const rank = Math.max(a.length, b.length);
    const [left, right] = [a, b].map((dims) => [...new Array<Dim>(rank - dims.length).fill(1), ...dims]);
    return left!.map((size, axis) => broadcastDim(size, right![axis]!) ?? known.fresh());
  });
}

function dimsOfProduct({ known, node, x: a, y: b }: Asked, mayTranspose: boolean): Dims | null {
  if (b === null || a.length < 2 || b.length < 2) return null;
  const isTransposed = (name: string) => mayTranspose && intAttribute(node, name, 0) === 1;
  const batch = broadcast(known, [a.slice(0, -2), b.slice(0, -2)]) ?? [];
  return [...batch, a.at(isTransposed("transA") ? -1 : -2)!, b.at(isTransposed("transB") ? -2 : -1)!];
}

function reshape(known: Known, x: Dims, shape: Dims | null): Dims | null {
  if (shape === null) return null;
  const sizes = shape.map((size, axis) => size === 0 ? x[axis] ?? known.fresh() : size);
  const others = sizes.filter((size) => size !== -1);
  return sizes.map((size) => size === -1 ? quotientOf(x, others) ?? known.fresh() : size);
}

function reduce({ known, node, x }: Asked): Dims | null {
  const named = axesOf(known, node) ?? ((node.input[1] ?? "") === "" ? [] : null);
  if (named === null) return null;
  if (named.length === 0 && intAttribute(node, "noop_with_empty_axes", 0) === 1) return x;
  const isGone = (axis: number) => named.length === 0 || isAmong(named, axis, x.length);
  if (intAttribute(node, "keepdims", 1) === 1) return x.map((size, axis) => isGone(axis) ? 1 : size);
  return x.filter((_, axis) => !isGone(axis));
}

function slice({ known, node, x }: Asked): Dims | null {
  const [starts, ends] = [known.list(node.input[1] ?? ""), known.list(node.input[2] ?? "")];
  const axes = (node.input[3] ?? "") === "" ? [...starts?.keys() ?? []] : known.constants(node, 3);
  if (axes === null || axes.length === 0) return null;
  const steps = (node.input[4] ?? "") === "" ? axes.map(() => 1) : known.constants(node, 4);
  return axes.reduce<Dims>((dims, axis, index) => {
    const at = (axis + x.length) % x.length;
    const size = sliceOf(x[at]!, starts?.[index], ends?.[index], steps?.[index]);
    return dims.with(at, size ?? known.fresh());
  }, x);
}

/** The size of [start, end) of an axis, or null where only the run can tell. */
function sliceOf(size: Dim, start?: Dim, end?: Dim, step?: number): Dim | null {
  if (start === 0 && step === 1 && (end === size || Number(end) >= TO_THE_END)) return size;
  if (typeof size !== "number" || typeof start !== "number" || typeof end !== "number") return null;
  if (step === undefined || step < 1) return null;
  const place = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  return Math.max(0, Math.ceil((place(end) - place(start)) / step));
}
