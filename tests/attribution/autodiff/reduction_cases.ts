// Cases for sums along axes, norms and matrix products.
import { axis, broadcastPair, type Case, negative, norm, reduction, several } from "./case_kinds.ts";
import { checkGradient, random } from "./small_graphs.ts";

export const REDUCTION_CASES: Readonly<Record<string, Case>> = {
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
};
