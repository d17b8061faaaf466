// Every rule against finite differences, on random shapes, with broadcasting.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RULES } from "../../../lib/attribution/autodiff/rules/table.ts";
import { rawTensor } from "../../../lib/onnx/graph_tensors.ts";
import type { NodeOptions } from "../../../lib/onnx/graph_draft.ts";
import { checkGradient, random, type Values } from "./small_graphs.ts";

type Dims = readonly number[];
type Case = (shape: Dims, seed: number) => Promise<void>;

const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
const seeds = fc.integer({ min: 1, max: 1e6 });

/** One input, in a range where the function is smooth. */
function unary(
  type: string,
  [low, high]: [number, number],
  attributes: NodeOptions["attributes"] = {},
): Case {
  return (shape, seed) =>
    checkGradient({ x: random(seed, shape, low, high) }, (draft) => draft.op(type, ["x"], { attributes }));
}

/** Two inputs of which either may be broadcast: ranks and sizes of 1 come from the seed. */
function binary(type: string, a: [number, number], b: [number, number]): Case {
  return (shape, seed) => {
    const [left, right] = broadcastPair(shape, seed);
    const inputs = { a: random(seed, left, ...a), b: random(seed + 1, right, ...b) };
    return checkGradient(inputs, (draft) => draft.op(type, ["a", "b"]));
  };
}

function broadcastPair(shape: Dims, seed: number): [Dims, Dims] {
  const thinned = (bits: number) => shape.map((size, axis) => (bits >> axis) & 1 ? 1 : size);
  const [left, right] = [thinned(seed & 15), thinned((seed >> 4) & 15)];
  const shorter = right.slice((seed >> 8) % (right.length + 1));
  return (seed >> 12) & 1 ? [shorter, left] : [left, shorter];
}

/** All of these inputs, each with its own gradient. */
function several(
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

/** Distinct values with gaps, so that no small step changes which is larger. */
function spaced(seed: number, dims: Dims, offset = 0): Values { // never at a kink: odd multiples of 0.1, offsets aside
  const values = random(seed, dims);
  const order = [...values.data.keys()].sort((a, b) => values.data[a]! - values.data[b]!);
  order.forEach((element, rank) =>
    values.data[element] = 0.2 * (rank - Math.floor(order.length / 2)) + 0.1 + offset
  );
  return values;
}

const negative = (shape: Dims, seed: number) => (seed % shape.length) - shape.length;

const CASES: Readonly<Record<string, Case>> = {
  Add: binary("Add", [-1, 1], [-1, 1]),
  Sub: binary("Sub", [-1, 1], [-1, 1]),
  Mul: binary("Mul", [-1, 1], [-1, 1]),
  Div: binary("Div", [-1, 1], [0.5, 2]),
  Sum: several("Sum", (shape) => [shape, shape.slice(1), shape.map(() => 1)]),
  Neg: unary("Neg", [-1, 1]),
  Identity: unary("Identity", [-1, 1]),
  Dropout: unary("Dropout", [-1, 1]),
  Cast: unary("Cast", [-1, 1], { to: 1n }),
  CastLike: (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => draft.op("CastLike", ["x", draft.floats([1])])),
  Pow: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape, 0.5, 2) },
      (draft) => draft.op("Pow", ["x", draft.floats([[2, 3, -0.5, 1.5][seed % 4]!])]),
    ),
  Sqrt: unary("Sqrt", [0.5, 2]),
  Reciprocal: unary("Reciprocal", [0.5, 2]),
  Exp: unary("Exp", [-1, 1]),
  Log: unary("Log", [0.5, 2]),
  Sin: unary("Sin", [-2, 2]),
  Cos: unary("Cos", [-2, 2]),
  Tanh: unary("Tanh", [-1, 1]),
  Sigmoid: unary("Sigmoid", [-2, 2]),
  Erf: unary("Erf", [-1, 1]),
  Softplus: unary("Softplus", [-2, 2]),
  Abs: kinked("Abs"),
  Relu: kinked("Relu"),
  LeakyRelu: kinked("LeakyRelu", { alpha: 0.2 }),
  Elu: kinked("Elu", { alpha: 0.7 }),
  Clip: (shape, seed) =>
    checkGradient(
      { x: spaced(seed, shape) },
      (draft) => draft.op("Clip", ["x", draft.floats([-0.6]), ...seed % 2 ? [draft.floats([0.4])] : []]),
    ),
  Max: extreme("Max"),
  Min: extreme("Min"),
  Where: (shape, seed) => {
    const [a, b] = broadcastPair(shape, seed);
    return checkGradient({ a: random(seed, a), b: random(seed + 1, b) }, (draft) => {
      const condition = draft.op("Greater", [draft.op("Add", ["a", "b"]), draft.floats([1e9])]);
      const mixed = draft.op("Xor", [
        condition,
        draft.op("Less", [draft.floats([0.5, -0.5].slice(0, 1)), "b"]),
      ]);
      return draft.op("Where", [mixed, "a", "b"]);
    });
  },
  ReduceSum: reduction("ReduceSum"),
  ReduceMean: reduction("ReduceMean"),
  ReduceLogSumExp: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape) },
      (draft) => draft.op("ReduceLogSumExp", ["x", draft.ints([negative(shape, seed)])]),
    ),
  Softmax: axis("Softmax"),
  LogSoftmax: axis("LogSoftmax"),
  SimplifiedLayerNormalization: norm("SimplifiedLayerNormalization", 21, false),
  RMSNormalization: norm("RMSNormalization", 23, false),
  LayerNormalization: norm("LayerNormalization", 21, true),
  CumSum: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape) },
      (draft) =>
        draft.op("CumSum", ["x", draft.ints([negative(shape, seed)], [])], {
          attributes: { exclusive: BigInt(seed & 1), reverse: BigInt((seed >> 1) & 1) },
        }),
    ),
  MatMul: (shape, seed) => {
    const [n, k, m] = [shape[0]!, 3, shape.at(-1)!];
    const batch = broadcastPair([2, 3], seed);
    const inputs = { a: random(seed, [...batch[0], n, k]), b: random(seed + 1, [...batch[1], k, m]) };
    return checkGradient(inputs, (draft) => draft.op("MatMul", ["a", "b"]));
  },
  Gemm: (shape, seed) => {
    const [n, k, m] = [shape[0]!, 3, shape.at(-1)!];
    const [transA, transB] = [seed & 1, (seed >> 1) & 1];
    const c = [[m], [n, m], [1, m], [n, 1]][seed % 4]!;
    const inputs = {
      a: random(seed, transA ? [k, n] : [n, k]),
      b: random(seed + 1, transB ? [m, k] : [k, m]),
      c: random(seed + 2, c),
    };
    const attributes = { alpha: 0.7, beta: 1.3, transA: BigInt(transA), transB: BigInt(transB) };
    return checkGradient(inputs, (draft) => draft.op("Gemm", ["a", "b", "c"], { attributes }));
  },
  FusedMatMul: (shape, seed) => {
    const [n, k, m] = [shape[0]!, 3, shape.at(-1)!];
    const [transA, transB] = [seed & 1, (seed >> 1) & 1];
    const inputs = {
      a: random(seed, [2, ...transA ? [k, n] : [n, k]]),
      b: random(seed + 1, [2, ...transB ? [m, k] : [k, m]]),
    };
    const attributes = { alpha: 0.7, transA: BigInt(transA), transB: BigInt(transB) };
    return checkGradient(
      inputs,
      (draft) => draft.op("FusedMatMul", ["a", "b"], { attributes, domain: "com.microsoft" }),
    );
  },
  Einsum: several("Einsum", ([n = 1]) => [[2, n, 3], [2, 3, 2]], { equation: "bij,bjk->bik" }),
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
    const long = [5, ...shape.map((size) => size + 2)];
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
  Gelu: (shape, seed) =>
    seed % 2
      ? unary("Gelu", [-2, 2], { approximate: seed % 3 ? "tanh" : "none" })(shape, seed)
      : withBias("Gelu", false)(shape, seed),
  BiasGelu: withBias("BiasGelu", true),
  FastGelu: withBias("FastGelu", true),
  QuickGelu: withBias("QuickGelu", false, { alpha: 1.3 }),
  Swish: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape, -2, 2) },
      (draft) => draft.op("Swish", ["x"], { attributes: { alpha: 1.5 } }),
      { opset: 24 },
    ),
  RotaryEmbedding: rotary,
  MatMulNBits: blocks,
  Trilu: (shape, seed) =>
    checkGradient(
      { x: random(seed, [3, ...shape]) },
      (draft) =>
        draft.op("Trilu", ["x", draft.ints([seed % 3 - 1], [])], { attributes: { upper: BigInt(seed & 1) } }),
    ),
};

function withBias(type: string, bias: boolean, attributes: NodeOptions["attributes"] = {}): Case {
  return (shape, seed) => {
    const dims = [...shape, 3];
    return checkGradient({ x: random(seed, dims, -2, 2) }, (draft) => {
      const input = bias ? ["x", draft.floats([0.3, -0.2, 0.1], [3])] : ["x"];
      return draft.op(type, input, { attributes, domain: "com.microsoft" });
    });
  };
}

/** The rotation of both exporters: com.microsoft's [B, S, heads · D] and operator set 23's [B, heads, S, D], whole and in
 * part, halves and pairs. */
function rotary([batch = 1, length = 1]: Dims, seed: number): Promise<void> {
  const [heads, width, turned] = [2, 6, seed % 2 ? 6 : 4];
  const microsoft = seed % 3 > 0 && turned === width;
  const dims = microsoft ? [batch, length, heads * width] : [batch, heads, length, width];
  return checkGradient({ x: random(seed, dims) }, (draft) => {
    const angles = [...random(seed + 1, [8, turned / 2]).data];
    const [cos, sin] = [Math.cos, Math.sin].map((of) => draft.floats(angles.map(of), [8, turned / 2])) as [
      string,
      string,
    ];
    const places = Array.from({ length: batch * length }, (_, index) => (index + seed) % 8);
    const positions = draft.ints(places, [batch, length]);
    const attributes = { interleaved: BigInt((seed >> 3) & 1) };
    return microsoft
      ? draft.op("RotaryEmbedding", ["x", positions, cos, sin], {
        domain: "com.microsoft",
        attributes: { ...attributes, num_heads: BigInt(heads) },
      })
      : draft.op("RotaryEmbedding", ["x", cos, sin, positions], {
        attributes: turned === width ? attributes : { ...attributes, rotary_embedding_dim: BigInt(turned) },
      });
  }, { opset: 23 });
}

/** Block-quantised weights of 4 and 8 bits, with default, packed and real zero points, and a last block that is not full. */
function blocks(shape: Dims, seed: number): Promise<void> {
  const [rows, size, bits] = [5, 16, seed % 2 || seed % 3 === 2 ? 4 : 8]; // real zero points: 4 bits only
  const columns = seed % 3 ? 48 : 40;
  const count = Math.ceil(columns / size);
  const bytes = (length: number, from: number) =>
    Uint8Array.from(random(from, [length], 0, 256).data, (value) => Math.floor(value));
  return checkGradient({ a: random(seed, [...shape.slice(0, 2), columns]) }, (draft) => {
    const codes = draft.initializer(
      rawTensor("codes", 2, [rows, count, size * bits / 8], bytes(rows * count * size * bits / 8, seed + 1)),
    );
    const scales = draft.floats([...random(seed + 2, [rows * count], 0.01, 0.02).data], [rows * count]);
    const packed = rows * Math.ceil(count * bits / 8);
    const zeros = [
      () => [],
      () => [draft.initializer(rawTensor("zeros", 2, [packed], bytes(packed, seed + 3)))],
      () => [draft.floats([...random(seed + 3, [rows * count], 0, 9).data], [rows * count])],
    ][seed % 3]!();
    const attributes = { K: BigInt(columns), N: BigInt(rows), bits: BigInt(bits), block_size: BigInt(size) };
    return draft.op("MatMulNBits", ["a", codes, scales, ...zeros], { attributes, domain: "com.microsoft" });
  });
}

function kinked(type: string, attributes: NodeOptions["attributes"] = {}): Case {
  return (shape, seed) =>
    checkGradient({ x: spaced(seed, shape) }, (draft) => draft.op(type, ["x"], { attributes }));
}

function extreme(type: string): Case {
  return (shape, seed) => {
    const inputs = { a: spaced(seed, shape), b: spaced(seed + 1, shape, 0.1), c: spaced(seed + 2, [], 0.05) };
    return checkGradient(inputs, (draft) => draft.op(type, ["a", "b", "c"]));
  };
}

function reduction(type: string): Case {
  return (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => {
      const axes = [[negative(shape, seed)], [0], shape.map((_, index) => index)][seed % 3]!;
      const input = seed % 7 === 0 ? ["x"] : ["x", draft.ints(axes)];
      return draft.op(type, input, { attributes: { keepdims: BigInt(seed & 1) } });
    });
}

function axis(type: string): Case {
  return (shape, seed) =>
    checkGradient(
      { x: random(seed, shape) },
      (draft) => draft.op(type, ["x"], { attributes: { axis: BigInt(negative(shape, seed)) } }),
    );
}

function norm(type: string, opset: number, bias: boolean): Case {
  return (shape, seed) => {
    const dims = [...shape.slice(0, -1), 4];
    return checkGradient({ x: random(seed, dims) }, (draft) => {
      const weight = draft.floats([...random(seed + 1, [4]).data], [4]);
      const input = ["x", weight, ...bias ? [draft.floats([0.1, 0.2, 0.3, 0.4], [4])] : []];
      return draft.op(type, input, { attributes: { axis: -1n, epsilon: 1e-3 } });
    }, { opset });
  };
}

Deno.test("every rule has a case here", () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(RULES).sort());
});

for (const [type, check] of Object.entries(CASES)) {
  Deno.test(`rule of ${type}: gradients are those of finite differences on random shapes`, async () => {
    await fc.assert(fc.asyncProperty(shapes, seeds, check), { numRuns: 15 });
  });
}
