// Shapes written into a graph that is opened. ONNX Runtime plans which value takes over whose memory: it walks the list
// of all that is free until one of them has the same shape, and what it knows no shape of never fits. With a graph of
// gradients that list grew to thousands, and opening took nine seconds, eight of them for it.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { createTensorInfo } from "../../onnx/graph_values.ts";
import { findElementTypes } from "./element_types.ts";
import type { Shapes } from "./shapes.ts";

/** Writes down what `shapes` knows of the values between the draft's nodes. */
export function declareShapes(draft: GraphDraft, shapes: Shapes): void {
  const types = findElementTypes(draft);
  const outputs = new Set(draft.outputs.map(({ name }) => name)); // which say themselves what they are
  const between = draft.nodes.flatMap((node) => node.output).filter((name) => !outputs.has(name));
  draft.describe(between.flatMap((name) => {
    const [type, dims] = [types.get(name), shapes.dims(name)];
    return type === undefined || dims === null ? [] : [createTensorInfo(name, type, dims)];
  }));
}
