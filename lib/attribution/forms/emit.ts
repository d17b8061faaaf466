// Small pieces of graph that several builders need, in the form that the model's operator set knows.
import type { GraphDraft } from "../../onnx/graph_draft.ts";

/** The operator set from which a reduction takes its axes as an input, no more as an attribute. */
const AXES_INPUT: Readonly<Record<string, number>> = { ReduceSum: 13 };
const AXES_INPUT_OTHERS = 18;

/** A reduction over `axes`: ReduceMean, ReduceSum, ReduceMax, ReduceLogSumExp. */
export function reduce(
  draft: GraphDraft,
  opType: string,
  value: string,
  axes: readonly number[],
  keepdims = true,
): string {
  const keep = { keepdims: keepdims ? 1n : 0n };
  if (draft.opset("") >= (AXES_INPUT[opType] ?? AXES_INPUT_OTHERS)) {
    return draft.op(opType, [value, draft.ints(axes)], { attributes: keep });
  }
  return draft.op(opType, [value], { attributes: { ...keep, axes: axes.map(BigInt) } });
}

/** `value` in a new shape: numbers, 0 (as it was) and -1 (the rest) are constants, strings are int64 values [1]. */
export function reshape(draft: GraphDraft, value: string, shape: readonly (number | string)[]): string {
  if (shape.every((size) => typeof size === "number")) return draft.op("Reshape", [value, draft.ints(shape)]);
  const sizes = shape.map((size) => typeof size === "number" ? draft.ints([size]) : size);
  return draft.op("Reshape", [value, draft.op("Concat", sizes, { attributes: { axis: 0n } })]);
}

/** One dimension of `value`, as int64 [1]. */
export function sizeOf(draft: GraphDraft, value: string, axis: number): string {
  return draft.op("Gather", [draft.op("Shape", [value]), draft.ints([axis])], { attributes: { axis: 0n } });
}

/** An int64 [1] as a scalar, which Range wants. */
export function scalar(draft: GraphDraft, value: string): string {
  return draft.op("Reshape", [value, draft.ints([], [0])]);
}

/** Elements [from, to) of one axis. */
export function slice(draft: GraphDraft, value: string, axis: number, from: number, to: number): string {
  return draft.op("Slice", [value, draft.ints([from]), draft.ints([to]), draft.ints([axis])]);
}

/** The end of an axis, for {@link slice}. */
export const END = Number.MAX_SAFE_INTEGER;

export function transpose(draft: GraphDraft, value: string, perm: readonly number[]): string {
  return draft.op("Transpose", [value], { attributes: { perm: perm.map(BigInt) } });
}

export function concat(draft: GraphDraft, values: readonly string[], axis: number): string {
  return values.length === 1
    ? values[0]!
    : draft.op("Concat", values, { attributes: { axis: BigInt(axis) } });
}
