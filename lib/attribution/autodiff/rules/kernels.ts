// Rules for fused operators that have a short derivative of their own. Forms: com.microsoft's and ONNX's operator
// documentation. Attention kernels and residual sums are written out before (forms/).
import { floatAttribute, stringAttribute } from "../../../onnx/graph_attributes.ts";
import type { Rule, Step } from "./rule.ts";

const ROOT_2_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** x Φ(x): Φ(x) + x φ(x), with Φ(x) = (1 + erf(x / √2)) / 2 and φ the normal density. */
function geluErf({ e }: Step, x: string): string {
  const phi = e.scale(e.exp(e.scale(e.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  const cumulative = e.scale(e.add(e.op("Erf", [e.scale(x, Math.SQRT1_2)]), e.number(1)), 0.5);
  return e.add(cumulative, e.mul(x, phi));
}

/** x (1 + t) / 2 with t = tanh(√(2/π) (x + 0.044715 x³)):
 * (1 + t) / 2 + x (1 - t²) √(2/π) (1 + 3 · 0.044715 x²) / 2. */
function geluTanh({ e }: Step, x: string): string {
  const one = e.number(1);
  const square = e.mul(x, x);
  const inner = e.mul(x, e.add(one, e.scale(square, CUBIC)));
  const t = e.op("Tanh", [e.scale(inner, ROOT_2_PI)]);
  const slope = e.scale(e.add(one, e.scale(square, 3 * CUBIC)), ROOT_2_PI);
  const bend = e.mul(e.mul(x, e.sub(one, e.mul(t, t))), slope);
  return e.scale(e.add(e.add(one, t), bend), 0.5);
}

/** x σ(αx): σ (1 + αx (1 - σ)). */
function swish(step: Step, x: string, alpha: number): string {
  const { e } = step;
  const scaled = e.scale(x, alpha);
  const sigmoid = e.op("Sigmoid", [scaled]);
  return e.mul(sigmoid, e.add(e.number(1), e.mul(scaled, e.sub(e.number(1), sigmoid))));
}

/** A function of x, or of x + bias where there is a second input; the bias is a constant. */
function activation(derivative: (step: Step, x: string) => string): Rule {
  return (step) => {
    const { e, g, x: [x, bias = ""] } = step;
    return [() => e.mul(g, derivative(step, bias === "" ? x! : e.add(x!, bias)))];
  };
}

/** Rotation by angles: the rotation back, with -sin. The inputs' order differs between com.microsoft and ai.onnx. */
function rotary({ e, node, g, x }: Step): ReturnType<Rule> {
  const sine = node.domain === "com.microsoft" ? 3 : 2;
  return [() => e.again(node, x.map((name, index) => index === 0 ? g : index === sine ? e.neg(name) : name))];
}

export const KERNELS: Readonly<Record<string, Rule>> = {
  Gelu: activation((step, x) =>
    stringAttribute(step.node, "approximate", "none") === "tanh" ? geluTanh(step, x) : geluErf(step, x)
  ),
  BiasGelu: activation(geluErf),
  FastGelu: activation(geluTanh),
  QuickGelu: activation((step, x) => swish(step, x, floatAttribute(step.node, "alpha", 1.702))),
  Swish: activation((step, x) => swish(step, x, floatAttribute(step.node, "alpha", 1))),
  RotaryEmbedding: rotary,
};
