// Attention in a graph of primitive nodes: a softmax whose rows weigh values, and the heads put side by side behind it.
import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";

/** One layer's attention. */
export interface AttentionCore {
  /** What weighs the values: [batch, heads, rows, keys]. */
  readonly probabilities: string;
  /** The values weighed, heads side by side: [batch, rows, heads · width]. */
  readonly merged: string;
  /** Null where only a run tells. */
  readonly heads: number | null;
}

const LAST_AXES = [-1, 3];
const HEADS_BACK = "0,2,1,3"; // [batch, heads, rows, width] → [batch, rows, heads, width]
/** What stands between a softmax and the product: guards against rows of NaN, casts, a sink cut off. */
const GUARDS: ReadonlySet<string> = new Set(["Cast", "Dropout", "Identity", "Slice", "Where"]);

/** All attention of the graph, in order; `heads`: how many each of these values has. A softmax that weighs no values (a
 * router's) is none. */
export function findCores(draft: GraphDraft, heads: ReadonlyMap<string, number>): AttentionCore[] {
  return draft.nodes.flatMap((node) => {
    if (node.opType !== "Softmax" || !LAST_AXES.includes(intAttribute(node, "axis", -1))) return [];
    const core = findCore(draft, node);
    return core === null ? [] : [{ ...core, heads: heads.get(core.probabilities) ?? null }];
  });
}

function findCore(draft: GraphDraft, softmax: NodeProto): Omit<AttentionCore, "heads"> | null {
  const readers = (name: string, ...ops: string[]) =>
    draft.consumers(name).find((node) => ops.includes(node.opType));
  let probabilities = softmax.output[0] ?? "";
  for (;;) {
    const guard = readers(probabilities, ...GUARDS);
    if (guard === undefined || !guard.input.includes(probabilities)) break;
    probabilities = guard.output[0] ?? "";
  }
  const weights = readers(probabilities, "Reshape")?.output[0] ?? probabilities;
  const product = readers(weights, "MatMul");
  if (product === undefined || product.input[0] !== weights) return null;
  let context = product.output[0] ?? "";
  context = follow(draft, context, (node) => node.opType === "Reshape" || node.opType === "Cast");
  const back = readers(context, "Transpose");
  if (back === undefined || intsAttribute(back, "perm")?.join() !== HEADS_BACK) return null;
  const merged = readers(back.output[0] ?? "", "Reshape");
  return merged === undefined ? null : { probabilities, merged: merged.output[0] ?? "" };
}

/** Goes on while the value has one reader and `passes` lets it through. */
function follow(draft: GraphDraft, name: string, passes: (node: NodeProto) => boolean): string {
  let at = name;
  for (;;) {
    const readers = draft.consumers(at).filter((node) => node.opType !== "Shape");
    const [reader] = readers;
    if (reader === undefined || readers.length > 1 || !passes(reader)) return at;
    at = reader.output[0] ?? "";
  }
}
