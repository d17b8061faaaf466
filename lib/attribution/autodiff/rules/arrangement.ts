// Rules for operators that only arrange elements anew: the gradient goes back the same way. Sizes are asked for when
// the graph runs.
import { intAttribute, intsAttribute } from "../../../onnx/graph_attributes.ts";
import type { Emitter } from "../emitter.ts";
import { readConstantInts, type Rule, type Step, unsupportedError } from "./rule.ts";

const reshapeBack: Rule = ({ e, g, x }) => [() => e.reshapeLike(g, x[0]!)];

/** The inverse permutation; the default reverses the axes and is its own inverse. */
function transpose({ e, node, g }: Step): ReturnType<Rule> {
  const perm = intsAttribute(node, "perm");
  if (perm === null) return [() => e.op("Transpose", [g])];
  return [() => e.transpose(g, perm.map((_, axis) => perm.indexOf(axis)))];
}

/** Each input gets its part of G. */
function concat({ e, node, g, x }: Step): ReturnType<Rule> {
  const axis = intAttribute(node, "axis", 0);
  let parts: string[] | null = null;
  const split = () => {
    const sizes = e.concat(x.map((input) => sizeOf(e, input, axis)), 0);
    return e.split(g, sizes, axis, x.length);
  };
  return x.map((_, index) => () => (parts ??= split())[index]!);
}

/** The size of one axis, as a list. */
function sizeOf(e: Emitter, name: string, axis: number): string {
  return axis === -1 ? e.dims(name, -1) : e.dims(name, axis, axis + 1);
}

/** The gradients of the parts in a row, zeros for parts that nothing came back to. */
function split({ e, node, all, y }: Step): ReturnType<Rule> {
  const axis = intAttribute(node, "axis", 0);
  return [() => e.concat(all.map((part, index) => part ?? e.zerosLike(y[index]!)), axis), null];
}

/** x[start:end:step] along axes: zeros before and behind G; with a step, zeros between. Axes are taken back one by
 * one. */
function slice(step: Step): ReturnType<Rule> {
  const { e, node, g, x } = step;
  const starts = x[1] ?? e.ints(...intsAttribute(node, "starts") ?? []);
  const ends = x[2] ?? e.ints(...intsAttribute(node, "ends") ?? []);
  const count = intsAttribute(node, "axes")?.length ?? countEntries(step, 3) ?? countEntries(step, 1);
  if (count === null) throw unsupportedError("Slice with a computed number of axes");
  const axes = intsAttribute(node, "axes") ?? readConstantInts(step, 3) ??
    Array.from({ length: count }, (_, axis) => axis);
  const steps = readConstantInts(step, 4) ?? axes.map(() => 1);
  if (steps.some((size) => size < 1)) throw unsupportedError("Slice backwards");
  return [() => {
    const at = (list: string, index: number) => count === 1 ? list : e.slice(list, 0, index, index + 1);
    const stages = [x[0]!]; // x sliced along the first axes, one more at each
    axes.slice(0, -1).forEach((axis, index) =>
      stages.push(
        e.op("Slice", [
          stages[index]!,
          ...[at(starts, index), at(ends, index), e.ints(axis), e.ints(steps[index]!)],
        ]),
      )
    );
    return axes.reduceRight((gradient, axis, index) => {
      const range = { start: at(starts, index), end: at(ends, index), step: steps[index]! };
      return pad(e, gradient, stages[index]!, axis, range);
    }, g);
  }];
}

/** How many entries a constant list has, or null where it is left out or computed. */
function countEntries({ e, x }: Step, index: number): number | null {
  const constant = e.draft.constant(x[index] ?? "");
  return constant === undefined ? null : Number(constant.dims[0] ?? 1n);
}

/** The gradient of `whole` from that of whole[start:end:step] along one axis. */
function pad(
  e: Emitter,
  gradient: string,
  whole: string,
  axis: number,
  { start, end, step }: { readonly start: string; readonly end: string; readonly step: number },
): string {
  const on = e.ints(axis);
  const before = e.zerosLike(e.op("Slice", [whole, e.ints(0), start, on]));
  if (step === 1) {
    const after = e.zerosLike(e.op("Slice", [whole, end, e.ints(Number.MAX_SAFE_INTEGER), on]));
    return e.concat([before, gradient, after], axis);
  }
  const spread = e.unsqueeze(gradient, axis < 0 ? axis : axis + 1); // [..., size, 1, ...] → [..., size * step, ...]
  const gaps = Array.from({ length: step - 1 }, () => e.zerosLike(spread));
  const wide = e.concat([spread, ...gaps], axis < 0 ? axis : axis + 1);
  const size = e.op("Mul", [sizeOf(e, gradient, axis), e.ints(step)]);
  const [head, tail] = [e.dims(gradient, 0, axis), axis === -1 ? null : e.dims(gradient, axis + 1)];
  const flat = e.reshape(wide, e.concat([head, size, ...tail === null ? [] : [tail]], 0));
  const all = e.concat([before, flat, e.zerosLike(whole)], axis); // too long by what lies behind the end
  return e.op("Slice", [all, e.ints(0), sizeOf(e, whole, axis), on]);
}

/** Rows of x by index: G is added into the rows it came from. With x as [p, size, q] and G as [p, picked, q] that is
 * the product of the one-hot matrix [size, picked] and G. */
function gather({ e, node, g, x }: Step): ReturnType<Rule> {
  const axis = intAttribute(node, "axis", 0);
  const [data, indices] = x as [string, string];
  return [() => {
    const size = sizeOf(e, data, axis);
    const flat = e.reshape(e.cast(indices, 7), e.ints(-1));
    const picked = e.where(e.op("Less", [flat, e.ints(0)]), e.add(flat, size), flat);
    const oneHot = e.cast(e.op("Equal", [e.unsqueeze(e.range(size), 1), e.unsqueeze(picked, 0)]));
    const p = emitProduct(e, e.dims(data, 0, axis));
    const q = axis === -1 ? e.ints(1) : emitProduct(e, e.dims(data, axis + 1));
    const rows = e.reshape(g, e.concat([p, e.count(indices), q], 0));
    return e.reshapeLike(e.matMul(oneHot, rows), data);
  }, null];
}

/** The product of a list of sizes, as a list of one; 1 for an empty list. */
function emitProduct(e: Emitter, sizes: string): string {
  return e.op("ReduceProd", [e.concat([e.ints(1), sizes], 0)], { keepdims: 1n });
}

/** Copies side by side: with G as [r₀, d₀, r₁, d₁, …] the sum over the copies. */
function tile(step: Step): ReturnType<Rule> {
  const { e, g, x } = step;
  const repeats = readConstantInts(step, 1) ?? [];
  return [() => {
    const pairs = e.concat([e.unsqueeze(x[1]!, 1), e.unsqueeze(e.shape(x[0]!), 1)], 1);
    const parts = e.reshape(g, e.reshape(pairs, e.ints(-1)));
    return e.sum(parts, repeats.map((_, axis) => 2 * axis), false);
  }, null];
}

export const ARRANGEMENT: Readonly<Record<string, Rule>> = {
  Reshape: reshapeBack,
  Flatten: reshapeBack,
  Squeeze: reshapeBack,
  Unsqueeze: reshapeBack,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  Tile: tile,
  // x repeated along axes of size 1: u(G, x)
  Expand: ({ e, g, x }) => [() => e.sumLike(g, x[0]!), null],
  // a triangle of each matrix: the same triangle of G
  Trilu: ({ e, node, g, x }) => [
    () => e.op("Trilu", [g, ...x.slice(1)], { upper: BigInt(intAttribute(node, "upper", 1)) }),
    null,
  ],
};
