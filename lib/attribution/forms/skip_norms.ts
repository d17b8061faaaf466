// Residual sums that exporters fused into the normalisation behind them, taken apart again: the sum is the residual
// stream, and everything here looks for it. Forms: com.microsoft's operator documentation; ../shared/reference/OPS.md
// §3.
import { findOwn } from "../../basics/find_own.ts";
import type { NodeProto } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { floatAttribute } from "../../onnx/graph_attributes.ts";

/** Where each fused node has its inputs, and what its normalisation is called. */
const FORMS: Readonly<
  Record<string, { readonly norm: string; readonly weights: number; readonly bias: number }>
> = {
  SkipSimplifiedLayerNormalization: { norm: "SimplifiedLayerNormalization", weights: 1, bias: 3 },
  SkipLayerNormalization: { norm: "LayerNormalization", weights: 2, bias: 4 },
};
const FIRST_WEIGHT = 2; // behind x and skip
const SUM_OUTPUT = 3;

/** Replaces every Skip(Simplified)LayerNormalization by Add and normalisation; values keep their names. */
export function splitSkipNorms(draft: GraphDraft): void {
  for (const node of draft.nodes) {
    const form = findOwn(FORMS, node.opType);
    if (form !== undefined) draft.replace(node, () => split(draft, node, form));
  }
}

function split(draft: GraphDraft, node: NodeProto, form: (typeof FORMS)[string]): void {
  const [x = "", skip = ""] = node.input;
  const bias = node.input[form.bias] ?? "";
  const written = bias === "" ? skip : draft.op("Add", [skip, bias]);
  const name = node.output[SUM_OUTPUT] ?? "";
  const sum = draft.op("Add", [x, written], name === "" ? {} : { outputs: [name] });
  const weights = node.input.slice(FIRST_WEIGHT, FIRST_WEIGHT + form.weights).filter((input) => input !== "");
  draft.op(form.norm, [sum, ...weights], {
    attributes: { axis: -1n, epsilon: floatAttribute(node, "epsilon", 1e-12), stash_type: 1n },
    outputs: [node.output[0] ?? ""],
  });
}
