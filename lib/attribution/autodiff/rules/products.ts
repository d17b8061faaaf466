// Rules for matrix products. The matrices are the last two axes; the others are broadcast.
import { floatAttribute, intAttribute, stringAttribute } from "../../../onnx/graph_attributes.ts";
import type { Emitter } from "../emitter.ts";
import { type Rule, type Step, unsupportedError } from "./rule.ts";

/** A B: u(G Bᵀ, A), u(Aᵀ G, B). A constant matrix of rank 2 is not broadcast and broadcasts nothing. */
function matMul(step: Step): ReturnType<Rule> {
  const { e, g, x } = step;
  const [a, b] = x as [string, string];
  return [
    () => isMatrix(e, b) ? e.matMulTransposed(g, b) : e.sumLike(e.matMulTransposed(g, b), a),
    () => e.sumLike(e.transposedMatMul(a, g), b),
  ];
}

function isMatrix(e: Emitter, name: string): boolean {
  return e.draft.constant(name)?.dims.length === 2;
}

/** alpha A' B', where A' = Aᵀ with transA, B' = Bᵀ with transB: dA' = alpha G B'ᵀ, dB' = alpha A'ᵀ G. `multiply`: the
 * operator with these attributes. */
function differentiateProduct(
  { node, g, x }: Step,
  multiply: (input: string[], attributes: Readonly<Record<string, number | bigint>>) => string,
): [dA: () => string, dB: () => string] {
  const [a, b] = x as [string, string];
  const [transA, transB] = [intAttribute(node, "transA", 0) === 1, intAttribute(node, "transB", 0) === 1];
  const product = (left: string, right: string, transLeft: boolean, transRight: boolean) =>
    multiply([left, right], {
      alpha: floatAttribute(node, "alpha", 1),
      transA: transLeft ? 1n : 0n,
      transB: transRight ? 1n : 0n,
    });
  return [
    () => transA ? product(b, g, transB, true) : product(g, b, false, !transB),
    () => transB ? product(g, a, true, transA) : product(a, g, !transA, false),
  ];
}

/** alpha A' B' + beta C: as {@link differentiateProduct}, dC = beta u(G, C). */
function gemm(step: Step): ReturnType<Rule> {
  const { e, node, g, x: [, , c] } = step;
  return [
    ...differentiateProduct(step, (input, attributes) => e.op("Gemm", input, attributes)),
    () => e.sumLike(e.scale(g, floatAttribute(node, "beta", 1)), c!),
  ];
}

/** com.microsoft.FusedMatMul, over the last two axes: as {@link differentiateProduct}, with broadcasting. */
function fusedMatMul(step: Step): ReturnType<Rule> {
  const { e, node, x } = step;
  const [a, b] = x as [string, string];
  if (intAttribute(node, "transBatchA", 0) + intAttribute(node, "transBatchB", 0) > 0) {
    throw unsupportedError("FusedMatMul with transposed batches");
  }
  const [dA, dB] = differentiateProduct(
    step,
    (input, attributes) => e.contrib("FusedMatMul", input, attributes),
  );
  return [() => e.sumLike(dA(), a), () => e.sumLike(dB(), b)];
}

/** A sum over repeated indices: for an input, the same sum with G in its place. Each index of the input must occur in
 * the output or in another input, and none twice in one term. */
function einsum(step: Step): ReturnType<Rule> {
  const { e, node, g, x } = step;
  const equation = stringAttribute(node, "equation", "").replaceAll(" ", "");
  const [left = "", output] = equation.split("->");
  const terms = left.split(",");
  if (
    output === undefined || equation.includes(".") || terms.some((term) => new Set(term).size < term.length)
  ) {
    throw unsupportedError(`Einsum "${equation}"`);
  }
  return x.map((_, index) => () => {
    const others = terms.filter((_, other) => other !== index);
    const known = [output, ...others].join("");
    if ([...terms[index]!].some((letter) => !known.includes(letter))) {
      throw unsupportedError(`Einsum "${equation}"`);
    }
    const inputs = [g, ...x.filter((_, other) => other !== index)];
    return e.op("Einsum", inputs, { equation: `${[output, ...others].join(",")}->${terms[index]}` });
  });
}

export const PRODUCTS: Readonly<Record<string, Rule>> = {
  MatMul: matMul,
  Gemm: gemm,
  FusedMatMul: fusedMatMul,
  Einsum: einsum,
};
