// Cases for operators that arrange elements anew.
import type { NodeOptions } from "../../../lib/onnx/graph_draft.ts";
import { broadcastPair, type Case, negative, unary } from "./case_kinds.ts";
import { checkGradient, random } from "./small_graphs.ts";

export const ARRANGEMENT_CASES: Readonly<Record<string, Case>> = {
  Reshape: (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => draft.op("Reshape", ["x", draft.ints([-1, 1])])),
  Flatten: unary("Flatten", [-1, 1], { axis: 1n }),
  Squeeze: (shape, seed) =>
    checkGradient({ x: random(seed, [1, ...shape]) }, (draft) => draft.op("Squeeze", ["x", draft.ints([0])])),
  Unsqueeze: (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => draft.op("Unsqueeze", ["x", draft.ints([1, -1])])),
  Transpose: (shape, seed) => {
    const perm = shape.map((_, index) => BigInt((index + seed) % shape.length));
    const attributes: NodeOptions["attributes"] = seed % 5 === 0 ? {} : { perm };
    return checkGradient({ x: random(seed, shape) }, (draft) => draft.op("Transpose", ["x"], { attributes }));
  },
  Concat: (shape, seed) => {
    const at = seed % 2 ? seed % shape.length : negative(shape, seed);
    const sized = (size: number) =>
      shape.map((own, index) => index === (at + shape.length) % shape.length ? size : own);
    const inputs = {
      a: random(seed, sized(1)),
      b: random(seed + 1, sized(3)),
      c: random(seed + 2, sized(2)),
    };
    return checkGradient(
      inputs,
      (draft) => draft.op("Concat", ["a", "b", "c"], { attributes: { axis: BigInt(at) } }),
    );
  },
  Split: (shape, seed) => {
    const at = negative(shape, seed);
    const dims = shape.map((own, index) => index === at + shape.length ? 6 : own);
    return checkGradient({ x: random(seed, dims) }, (draft) => {
      const parts = draft.ops("Split", ["x", draft.ints([1, 3, 2])], {
        attributes: { axis: BigInt(at) },
        outputs: 3,
      });
      return seed % 2 ? parts : [parts[0]!, parts[2]!]; // a part that nothing reads
    });
  },
  Slice: (shape, seed) => {
    const long = [5, ...shape.with(-1, shape.at(-1)! + 2)]; // what lies between is copied whole
    const [start, end, step] = [[1, 4, 1], [-3, 2 ** 40, 1], [0, -2, 1], [1, 5, 2], [
      0,
      2 ** 40,
      3,
    ]][seed % 5]!;
    return checkGradient(
      { x: random(seed, long) },
      (draft) =>
        seed % 3
          ? draft.op("Slice", ["x", ...[[start!], [end!], [0], [step!]].map((list) => draft.ints(list))])
          : draft.op("Slice", [
            "x",
            ...[[start!, 1], [end!, 2 ** 40], [0, -1], [step!, 1]].map((list) => draft.ints(list)),
          ]),
    );
  },
  Gather: (shape, seed) => {
    const at = seed % 2 ? seed % shape.length : negative(shape, seed);
    const dims = shape.map((own, index) => index === (at + shape.length) % shape.length ? 3 : own);
    return checkGradient({ x: random(seed, dims) }, (draft) => {
      const indices = [
        draft.ints([1], []),
        draft.ints([2, 0, 2]),
        draft.ints([-1, 0, 1, -3], [2, 2]),
      ][seed % 3]!;
      return draft.op("Gather", ["x", indices], { attributes: { axis: BigInt(at) } });
    });
  },
  Tile: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape) },
      (draft) => draft.op("Tile", ["x", draft.ints(shape.map((_, index) => 1 + (seed >> index) % 3))]),
    ),
  Expand: (shape, seed) => {
    const [thin] = broadcastPair(shape, seed);
    return checkGradient(
      { x: random(seed, thin) },
      (draft) => draft.op("Expand", ["x", draft.ints([2, ...shape].slice(seed % 2))]),
    );
  },
  Trilu: (shape, seed) =>
    checkGradient(
      { x: random(seed, [3, ...shape]) },
      (draft) =>
        draft.op("Trilu", ["x", draft.ints([seed % 3 - 1], [])], { attributes: { upper: BigInt(seed & 1) } }),
    ),
};
