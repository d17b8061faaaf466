// Quantised products of activations computed in floats: the integers' true derivative is 0 almost everywhere, so the
// rounding of activations is left out and weights enter as the values that their codes stand for. What is rounded to
// 8 bits in the file differs from this by its rounding errors.
import { findOwn } from "../../basics/find_own.ts";
import { type NodeProto, NodeProtoSchema } from "onnx-buf";
import { copyWith } from "../../onnx/copy_with.ts";
import { createAttributes } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { Emitter } from "../autodiff/emitter.ts";

type Rewrite = (e: Emitter, node: NodeProto) => void;

const REWRITES: Readonly<Record<string, Rewrite>> = {
  // x → codes, scale, zero point: x itself, 1 and 0
  DynamicQuantizeLinear: (e, { input: [x], output: [codes, scale, zero] }) => {
    give(e, codes, x!);
    give(e, scale, e.number(1));
    give(e, zero, e.number(0));
  },
  // x / scale + zero point, not rounded
  QuantizeLinear: (e, { input: [x, scale, zero], output: [codes] }) => {
    const real = e.div(x!, scale!);
    give(e, codes, isPresent(zero) ? e.add(real, e.cast(zero)) : real);
  },
  // (codes - zero point) scale
  DequantizeLinear: (e, { input: [codes, scale, zero], output: [x] }) => {
    give(e, x, e.mul(isPresent(zero) ? e.sub(codes!, e.cast(zero)) : codes!, scale!));
  },
  // (A - a) (B - b)
  MatMulInteger: (e, { input: [a, b, zeroA, zeroB], output: [y] }) => {
    const left = isPresent(zeroA) ? e.sub(a!, e.cast(zeroA)) : a!;
    give(e, y, e.matMul(left, dequantiseWeights(e, a!, b!, zeroB)));
  },
  // (A - a) (B - b) scale_a scale_b + bias
  MatMulIntegerToFloat: (e, { input: [a, b, scaleA, scaleB, zeroA, zeroB, bias], output: [y] }) => {
    const left = isPresent(zeroA) ? e.sub(a!, e.cast(zeroA)) : a!;
    const product = e.mul(e.mul(e.matMul(left, dequantiseWeights(e, a!, b!, zeroB)), scaleA!), scaleB!);
    give(e, y, isPresent(bias) ? e.add(product, bias) : product);
  },
  // A (B - b) scale_b + bias
  DynamicQuantizeMatMul: (e, { input: [a, b, scaleB, zeroB, bias], output: [y] }) => {
    const product = e.mul(e.matMul(a!, dequantiseWeights(e, a!, b!, zeroB)), scaleB!);
    give(e, y, isPresent(bias) ? e.add(product, bias) : product);
  },
};

/** Rewrites quantised operators whose inputs depend on `active` values; lookups and weights stay as they are.
 * Products with 4-bit weights are made to compute in float32. */
export function useDequantised(draft: GraphDraft, active: ReadonlySet<string>): void {
  for (const node of draft.nodes) {
    if (!node.input.some((name) => active.has(name))) continue;
    const rewrite = findOwn(REWRITES, node.opType);
    if (rewrite !== undefined) draft.replace(node, () => rewrite(new Emitter(draft), node));
    else if (node.opType === "MatMulNBits") draft.replace(node, () => draft.add(withFloatActivations(node)));
  }
}

/** Weights as real numbers, computed when the graph runs: folded while it opens they would take four times the
 * memory. */
function dequantiseWeights(e: Emitter, activation: string, codes: string, zero: string | undefined): string {
  const real = e.cast(e.deferred(codes, activation));
  return isPresent(zero) ? e.sub(real, e.cast(zero)) : real;
}

/** The node without quantising its activations (accuracy_level 4 rounds them to 8 bits). */
function withFloatActivations(node: NodeProto): NodeProto {
  const attribute = node.attribute.filter(({ name }) => name !== "accuracy_level");
  return copyWith(NodeProtoSchema, node, {
    attribute: [...attribute, ...createAttributes({ accuracy_level: 1n })],
  });
}

function give(e: Emitter, name: string | undefined, value: string): void {
  if (isPresent(name)) e.draft.op("Identity", [value], { outputs: [name] });
}

function isPresent(name: string | undefined): name is string {
  return name !== undefined && name !== "";
}
