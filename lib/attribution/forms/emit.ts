// Small pieces of graph that several builders need, in the form that the model's operator set knows.
import type { GraphDraft } from "../../onnx/graph_draft.ts";

/** The operator set from which a reduction takes its axes as an input, no more as an attribute. */
const AXES_INPUT: Readonly<Record<string, number>> = { ReduceSum: 13 };
const AXES_INPUT_OTHERS = 18;

/** A reduction over `axes`: ReduceMean, ReduceSum, ReduceMax. */
export function reduce(
  draft: GraphDraft,
  opType: string,
  value: string,
  axes: readonly number[],
  { keepdims = true, outputs = 1 }: { keepdims?: boolean; outputs?: readonly string[] | 1 } = {},
): string {
  const keep = { keepdims: keepdims ? 1n : 0n };
  if (draft.opset("") >= (AXES_INPUT[opType] ?? AXES_INPUT_OTHERS)) {
    return draft.op(opType, [value, draft.ints(axes)], { attributes: keep, outputs });
  }
  return draft.op(opType, [value], { attributes: { ...keep, axes: axes.map(BigInt) }, outputs });
}

/** A shape of numbers (0 = as it was, -1 = the rest) and of int64 values [1]. */
export function shapeOf(draft: GraphDraft, sizes: readonly (number | string)[]): string {
  const numbers = sizes.filter((size) => typeof size === "number");
  if (numbers.length === sizes.length) return draft.ints(numbers);
  const values = sizes.map((size) => typeof size === "number" ? draft.ints([size]) : size);
  return draft.op("Concat", values, { attributes: { axis: 0n } });
}

/** `value` in a new shape. */
export function reshape(draft: GraphDraft, value: string, sizes: readonly (number | string)[]): string {
  return draft.op("Reshape", [value, shapeOf(draft, sizes)]);
}

/** One dimension of `value`, as int64 [1]. */
export function sizeOf(draft: GraphDraft, value: string, axis: number): string {
  return draft.op("Gather", [draft.op("Shape", [value]), draft.ints([axis])], { attributes: { axis: 0n } });
}

/** An int64 [1] as a scalar, which Range wants. */
export function toScalar(draft: GraphDraft, value: string): string {
  return draft.op("Reshape", [value, draft.ints([], [0])]);
}

/** Elements [from, to) of one axis. */
export function slice(
  draft: GraphDraft,
  value: string,
  axis: number,
  from: number,
  to: number,
  outputs: readonly string[] | 1 = 1,
): string {
  return draft.op("Slice", [value, draft.ints([from]), draft.ints([to]), draft.ints([axis])], { outputs });
}

/** The end of an axis, for {@link slice}. */
export const END = Number.MAX_SAFE_INTEGER;

/** Adds a Transpose with the axes in the order `perm`; gives the name of its output. */
export function transpose(draft: GraphDraft, value: string, perm: readonly number[]): string {
  return draft.op("Transpose", [value], { attributes: { perm: perm.map(BigInt) } });
}

/** Adds a Concat of the values along `axis`; gives the name of its output. */
export function concat(draft: GraphDraft, values: readonly string[], axis: number): string {
  return values.length === 1
    ? values[0]!
    : draft.op("Concat", values, { attributes: { axis: BigInt(axis) } });
}

/** What `build` makes of the graph's inputs, in front of all other nodes. */
export function buildInFront(draft: GraphDraft, build: () => string): string {
  const [first] = draft.nodes;
  if (first === undefined) return build();
  let value = "";
  draft.replace(first, () => {
    value = build();
    draft.add(first);
  });
  return value;
}
