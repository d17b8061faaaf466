// Normalisations whose scale is held: x ↦ γ (x - mean x) / s + β with s measured on the text's own last position.
import type { NodeProto } from "onnx-buf";
import { floatAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { reduce } from "../forms/emit.ts";
import type { Copying } from "./copying.ts";

const EPSILON = 1e-5; // the default of all three operators

/** SimplifiedLayerNormalization, RMSNormalization: x, γ. */
export function holdRootMeanSquare(copying: Copying, node: NodeProto): void {
  const { draft, options: { held } } = copying;
  if (held === undefined) return copying.again(node);
  const [x = "", weight = ""] = node.input;
  const scale = emitDeviation(draft, held(x), floatAttribute(node, "epsilon", EPSILON));
  set(copying, node, draft.op("Mul", [draft.op("Div", [copying.input(x), scale]), weight]));
}

/** LayerNormalization: x, γ, β. */
export function holdLayerNorm(copying: Copying, node: NodeProto): void {
  const { draft, options: { held } } = copying;
  if (held === undefined) return copying.again(node);
  const [x = "", weight = "", bias = ""] = node.input;
  const scale = emitDeviation(draft, centre(draft, held(x)), floatAttribute(node, "epsilon", EPSILON));
  const normed = draft.op("Mul", [draft.op("Div", [centre(draft, copying.input(x)), scale]), weight]);
  if (bias === "") return set(copying, node, normed);
  copying.constant = true;
  set(copying, node, draft.op("Add", [normed, bias]));
}

function set(copying: Copying, node: NodeProto, value: string): void {
  copying.values.set(node.output[0] ?? "", value);
}

/** sqrt(mean x² + ε) over the width. */
function emitDeviation(draft: GraphDraft, x: string, epsilon: number): string {
  const square = reduce(draft, "ReduceMean", draft.op("Mul", [x, x]), [-1]);
  return draft.op("Sqrt", [draft.op("Add", [square, draft.floats([epsilon])])]);
}

function centre(draft: GraphDraft, x: string): string {
  return draft.op("Sub", [x, reduce(draft, "ReduceMean", x, [-1])]);
}
