// The gradient graph of a language model: the model's own graph over embeddings that lie on a line from a baseline to
// the context's, a number F made from its logits, the gradient of F by those embeddings, and what is wanted of it per
// token.
import { TensorProto_DataType as DataType } from "onnx-buf";
import { copyWith } from "../../onnx/copy_with.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { type NodeProto, NodeProtoSchema } from "onnx-buf";
import { dimensionsOf } from "../../onnx/graph_values.ts";
import { fault } from "../../fault.ts";
import { differentiate, findDependants } from "../autodiff/backward.ts";
import { Emitter } from "../autodiff/emitter.ts";
import type { DraftModel } from "../draft_model.ts";
import { expandAttention } from "../forms/attention.ts";
import { splitSkipNorms } from "../forms/skip_norms.ts";
import { declareShapes } from "../shapes/declare.ts";
import { Shapes } from "../shapes/shapes.ts";
import { useDequantised } from "./dequantised.ts";
import { findEmbedding } from "./embedding.ts";
import { useFloat32 } from "./float32.ts";
import { addObjective } from "./objective.ts";

/** Inputs that the gradient graph has besides the model's own and the objective's. B = points on the line, n = tokens,
 * d = width of the embeddings. */
export const LINE = {
  alpha: "attribution/alpha", // [B, 1, 1]: where on the line, 0 = baseline, 1 = context
  weight: "attribution/weight", // [B, 1, 1]: how much each point counts in `path`
  baselineIds: "attribution/baseline_ids", // int64 [1, n]
  baselineScale: "attribution/baseline_scale", // []: 0 makes the baseline zero
} as const;

/** Outputs. g = gradient of F by the embeddings at a point, x - b = the way from the baseline to the context. */
export const OUT = {
  value: "attribution/value", // F [B]
  gradientNorm: "attribution/gradient_norm", // ‖g‖₂ [B, n]
  product: "attribution/product", // Σ g (x - b) [B, n]
  productNorm: "attribution/product_norm", // ‖g (x - b)‖₂ [B, n]
  weighted: "attribution/weighted", // weight g (x - b) [B, n, d]
  weightedSum: "attribution/weighted_sum", // its sum over d [B, n]
  path: "attribution/path", // its sum over the points [n, d]
} as const;

/** Turns the model's graph into its gradient graph. Throws an `unsupported` fault that names what it cannot
 * differentiate. */
export function addGradient({ draft, layout }: DraftModel): void {
  const embedding = findEmbedding(draft, layout.inputIds); // before rows in half precision are made wide behind it
  useFloat32(draft);
  splitSkipNorms(draft);
  expandAttention(draft);
  useDequantised(draft, findDependants(draft, embedding));
  const way = addLine(draft, embedding, layout.inputIds);
  const value = addObjective(draft, layout.logits.name);
  const e = new Emitter(draft);
  const seeds = new Map([[value, e.onesLike(value)]]);
  const shapes = new Shapes(draft);
  const gradient = differentiate(draft, embedding, seeds, shapes);
  const product = e.mul(gradient, way);
  const weighted = e.mul(product, draft.input(LINE.weight, DataType.FLOAT, ["points", 1, 1]));
  const outputs = {
    [OUT.value]: value,
    [OUT.gradientNorm]: emitNorm(e, gradient),
    [OUT.product]: e.sum(product, [-1], false),
    [OUT.productNorm]: emitNorm(e, product),
    [OUT.weighted]: weighted,
    [OUT.weightedSum]: e.sum(weighted, [-1], false),
    [OUT.path]: e.sum(weighted, [0], false),
  };
  for (const [name, from] of Object.entries(outputs)) draft.op("Identity", [from], { outputs: [name] });
  draft.setOutputs(new Map(Object.keys(outputs).map((name) => [name, DataType.FLOAT])));
  declareShapes(draft, shapes);
}

/** √Σ x² over the last axis. */
function emitNorm(e: Emitter, x: string): string {
  return e.sqrt(e.sum(e.mul(x, x), [-1], false));
}

/** Moves the embeddings onto the line b + alpha (x - b); returns x - b. */
function addLine(draft: GraphDraft, embedding: string, inputIds: string): string {
  // The ids' own names of sizes: what is equal must be known to be equal (shapes/shapes.ts).
  const own = draft.inputs.find((input) => input.name === inputIds);
  const [batch = "points", length = "length"] = (own === undefined ? null : dimensionsOf(own)) ?? [];
  const alpha = draft.input(LINE.alpha, DataType.FLOAT, [batch, 1, 1]);
  const ids = draft.input(LINE.baselineIds, idTypeOf(draft, inputIds), [1, length]);
  const scale = draft.input(LINE.baselineScale, DataType.FLOAT, []);
  const lookup = findLookupNodes(draft, embedding, inputIds);
  let way = "";
  draft.interpose(embedding, (context) => {
    const copies = new Map([[inputIds, ids]]);
    for (const node of lookup) copyNode(draft, node, copies);
    const baseline = draft.op("Mul", [copies.get(embedding)!, scale]);
    way = draft.op("Sub", [context, baseline]);
    draft.op("Add", [baseline, draft.op("Mul", [way, alpha])], { outputs: [embedding] });
  });
  return way;
}

/** The nodes between the ids and the embedding, in order. */
function findLookupNodes(draft: GraphDraft, embedding: string, inputIds: string): NodeProto[] {
  const fromIds = new Set([inputIds]);
  const nodes = draft.nodes.filter((node) => {
    const reads = node.input.some((name) => fromIds.has(name));
    if (reads) { for (const name of node.output) fromIds.add(name); }
    return reads;
  });
  const needed = new Set([embedding]);
  return nodes.reverse().filter((node) => {
    const gives = node.output.some((name) => needed.has(name));
    if (gives) { for (const name of node.input) if (fromIds.has(name)) needed.add(name); }
    return gives;
  }).reverse();
}

/** Adds `node` again, over the copies of what it reads. */
function copyNode(draft: GraphDraft, node: NodeProto, copies: Map<string, string>): void {
  const output = node.output.map((name) => name === "" ? "" : draft.fresh(name));
  node.output.forEach((name, index) => copies.set(name, output[index]!));
  const input = node.input.map((name) => copies.get(name) ?? name);
  draft.add(copyWith(NodeProtoSchema, node, { name: output[0] ?? "", input, output }));
}

function idTypeOf(draft: GraphDraft, inputIds: string): DataType {
  const type = draft.inputs.find((input) => input.name === inputIds)?.type?.value;
  if (type?.case === "tensorType") return type.value.elemType;
  throw fault("model_failed", `The graph does not say of what type "${inputIds}" is.`);
}
