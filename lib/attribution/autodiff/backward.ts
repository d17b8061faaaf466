// Reverse-mode differentiation of a graph: one walk from the seeds back to a value, adding nodes that compute the
// gradient. Griewank and Walther, "Evaluating Derivatives" (2008), chapter 3.
import { findOwn } from "../../basics/find_own.ts";
import { type NodeProto, TensorProto_DataType as DataType } from "onnx-buf";
import { intAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { Emitter } from "./emitter.ts";
import { Shapes } from "../shapes/shapes.ts";
import { RULES } from "./rules/table.ts";
import { type Rule, unsupportedError } from "./rules/rule.ts";

/** Operators whose outputs do not change with small changes of their inputs: shapes, comparisons, integers. */
const CONSTANT_ALMOST_EVERYWHERE: ReadonlySet<string> = new Set([
  ...["Shape", "Size", "ConstantOfShape", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not"],
  ...["And", "Or", "Xor", "IsNaN", "IsInf", "ArgMax", "ArgMin", "NonZero", "Sign", "Floor", "Ceil", "Round"],
]);

const FLOATS: ReadonlySet<number> = new Set([
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
]);

/** The values that depend on `leaf` in a way that can be differentiated, `leaf` itself included. */
export function findDependants(draft: GraphDraft, leaf: string): Set<string> {
  const active = new Set([leaf]);
  for (const node of draft.nodes) {
    if (!passesGradients(node) || !node.input.some((name) => active.has(name))) continue;
    for (const name of node.output) if (name !== "") active.add(name);
  }
  return active;
}

function passesGradients(node: NodeProto): boolean {
  if (node.opType === "Cast") return FLOATS.has(intAttribute(node, "to", 0));
  return !CONSTANT_ALMOST_EVERYWHERE.has(node.opType);
}

/** Adds the nodes that compute the gradient of `leaf` and returns its name.
 *
 * `seeds`: value → its own gradient, in its shape. `shapes`, those of the draft, learns the gradients'. Throws an
 * `unsupported` fault that names an operator without a rule, and an Error where no seed depends on `leaf`. */
export function differentiate(
  draft: GraphDraft,
  leaf: string,
  seeds: ReadonlyMap<string, string>,
  shapes = new Shapes(draft),
): string {
  const active = findDependants(draft, leaf);
  const e = new Emitter(draft, shapes);
  const gradients = new Map(seeds);
  for (const [name, seed] of seeds) shapes.learn(seed, name);
  for (const node of draft.nodes.reverse()) {
    if (!node.input.some((name) => active.has(name))) continue;
    const all = node.output.map((name) => gradients.get(name) ?? null);
    if (!passesGradients(node) || all.every((gradient) => gradient === null)) continue;
    const step = { e, node, x: node.input, y: node.output, g: all[0] ?? "", all };
    const results = ruleOf(node)(step);
    node.input.forEach((name, index) => {
      const gradient = results[index];
      if (!active.has(name) || gradient === null || gradient === undefined) return;
      const known = gradients.get(name);
      const sum = known === undefined ? gradient() : e.add(known, gradient());
      gradients.set(name, sum);
      shapes.learn(sum, name);
    });
  }
  const result = gradients.get(leaf);
  if (result === undefined) throw new Error(`Nothing that is differentiated depends on "${leaf}"`);
  return result;
}

function ruleOf(node: NodeProto): Rule {
  const rule = findOwn(RULES, node.opType);
  if (rule === undefined) throw unsupportedError(`the operator "${node.opType}"`);
  return rule;
}
