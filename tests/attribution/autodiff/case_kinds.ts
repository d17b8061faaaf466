// Kinds of cases for rules: how inputs are made for operators of one form.
import type { NodeOptions } from "../../../lib/onnx/graph_draft.ts";
import { checkGradient, random, type Values } from "./small_graphs.ts";

export type Dims = readonly number[];
export type Case = (shape: Dims, seed: number) => Promise<void>;

/** One input, in a range where the function is smooth. */
export function unary(
  type: string,
  [low, high]: [number, number],
  attributes: NodeOptions["attributes"] = {},
): Case {
  return (shape, seed) =>
    checkGradient({ x: random(seed, shape, low, high) }, (draft) => draft.op(type, ["x"], { attributes }));
}

/** Two inputs of which either may be broadcast: ranks and sizes of 1 come from the seed. */
export function binary(type: string, a: [number, number], b: [number, number]): Case {
  return (shape, seed) => {
    const [left, right] = broadcastPair(shape, seed);
    const inputs = { a: random(seed, left, ...a), b: random(seed + 1, right, ...b) };
    return checkGradient(inputs, (draft) => draft.op(type, ["a", "b"]));
  };
}

export function broadcastPair(shape: Dims, seed: number): [Dims, Dims] {
  const thinned = (bits: number) => shape.map((size, axis) => (bits >> axis) & 1 ? 1 : size);
  const [left, right] = [thinned(seed & 15), thinned((seed >> 4) & 15)];
  const shorter = right.slice((seed >> 8) % (right.length + 1));
  return (seed >> 12) & 1 ? [shorter, left] : [left, shorter];
}

/** All of these inputs, each with its own gradient. */
export function several(
  type: string,
  inputs: (shape: Dims) => Dims[],
  attributes: NodeOptions["attributes"] = {},
): Case {
  return (shape, seed) => {
    const all = Object.fromEntries(
      inputs(shape).map((dims, index) => [`x${index}`, random(seed + index, dims)]),
    );
    const domain = type.startsWith("Fused") ? "com.microsoft" : "";
    return checkGradient(all, (draft) => draft.op(type, Object.keys(all), { attributes, domain }));
  };
}

/** Distinct values with gaps, so that no small step changes which is larger. None is at a kink: without `offset` they
 * are odd multiples of 0.1. */
export function spaced(seed: number, dims: Dims, offset = 0): Values {
  const values = random(seed, dims);
  const order = [...values.data.keys()].sort((a, b) => values.data[a]! - values.data[b]!);
  order.forEach((element, rank) =>
    values.data[element] = 0.2 * (rank - Math.floor(order.length / 2)) + 0.1 + offset
  );
  return values;
}

export const negative = (shape: Dims, seed: number) => (seed % shape.length) - shape.length;

export function withBias(type: string, bias: boolean, attributes: NodeOptions["attributes"] = {}): Case {
  return (shape, seed) => {
    const dims = [...shape, 3];
    return checkGradient({ x: random(seed, dims, -2, 2) }, (draft) => {
      const input = bias ? ["x", draft.floats([0.3, -0.2, 0.1], [3])] : ["x"];
      return draft.op(type, input, { attributes, domain: "com.microsoft" });
    });
  };
}

export function kinked(type: string, attributes: NodeOptions["attributes"] = {}): Case {
  return (shape, seed) =>
    checkGradient({ x: spaced(seed, shape) }, (draft) => draft.op(type, ["x"], { attributes }));
}

export function extreme(type: string): Case {
  return (shape, seed) => {
    const inputs = { a: spaced(seed, shape), b: spaced(seed + 1, shape, 0.1), c: spaced(seed + 2, [], 0.05) };
    return checkGradient(inputs, (draft) => draft.op(type, ["a", "b", "c"]));
  };
}

export function reduction(type: string): Case {
  return (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => {
      const axes = [[negative(shape, seed)], [0], shape.map((_, index) => index)][seed % 3]!;
      const input = seed % 7 === 0 ? ["x"] : ["x", draft.ints(axes)];
      return draft.op(type, input, { attributes: { keepdims: BigInt(seed & 1) } });
    });
}

export function axis(type: string): Case {
  return (shape, seed) =>
    checkGradient(
      { x: random(seed, shape) },
      (draft) => draft.op(type, ["x"], { attributes: { axis: BigInt(negative(shape, seed)) } }),
    );
}

export function norm(type: string, opset: number, bias: boolean): Case {
  return (shape, seed) => {
    const dims = [...shape.slice(0, -1), 4];
    return checkGradient({ x: random(seed, dims) }, (draft) => {
      const weight = draft.floats([...random(seed + 1, [4]).data], [4]);
      const input = ["x", weight, ...bias ? [draft.floats([0.1, 0.2, 0.3, 0.4], [4])] : []];
      return draft.op(type, input, { attributes: { axis: -1n, epsilon: 1e-3 } });
    }, { opset });
  };
}
