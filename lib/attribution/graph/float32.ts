// Half precision computed in single precision: gradients of small losses under- and overflow in half. The weights keep
// their half-precision values, so this is the same function with less rounding.
import { type NodeProto, NodeProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { copyWith } from "../../onnx/copy_with.ts";
import { createAttributes, intAttribute, tensorAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { elementTypeOf } from "../../onnx/graph_values.ts";
import { LOOKUPS } from "./embedding.ts";

const HALVES: ReadonlySet<number> = new Set([DataType.FLOAT16, DataType.BFLOAT16]);
const TO_FLOAT = { to: BigInt(DataType.FLOAT) };
/** Operators that read a few rows of a table, which stays as it is: what they give is made wide. */

/** Makes every half-precision value of the graph single precision; does nothing to other graphs. */
export function useFloat32(draft: GraphDraft): void {
  for (const input of draft.inputs) {
    if (HALVES.has(elementTypeOf(input) ?? 0)) draft.retypeInput(input.name, DataType.FLOAT);
  }
  const wide = new Map<string, string>(); // half-precision constant → its single-precision cast
  for (const node of draft.nodes) {
    if (givesHalf(draft, node)) widenOutput(draft, node);
    else widenInputs(draft, node, wide);
  }
}

/** True for nodes that make a half-precision value out of something that stays. */
function givesHalf(draft: GraphDraft, node: NodeProto): boolean {
  if (node.opType === "Constant" || node.opType === "ConstantOfShape") {
    return HALVES.has(tensorAttribute(node, "value")?.dataType ?? 0);
  }
  return LOOKUPS.has(node.opType) && node.input.some((name) => isHalf(draft, name));
}

function isHalf(draft: GraphDraft, name: string): boolean {
  return draft.producer(name) === undefined && HALVES.has(draft.constant(name)?.dataType ?? 0);
}

function widenOutput(draft: GraphDraft, node: NodeProto): void {
  const [name = ""] = node.output;
  draft.interpose(
    name,
    (before) => void draft.op("Cast", [before], { attributes: TO_FLOAT, outputs: [name] }),
  );
}

function widenInputs(draft: GraphDraft, node: NodeProto, wide: Map<string, string>): void {
  const narrows = node.opType === "Cast" && HALVES.has(intAttribute(node, "to", 0));
  if (!narrows && !node.input.some((name) => isHalf(draft, name))) return;
  draft.replace(node, () => {
    for (const name of node.input) {
      if (isHalf(draft, name) && !wide.has(name)) {
        wide.set(name, draft.op("Cast", [name], { attributes: TO_FLOAT }));
      }
    }
    const input = node.input.map((name) => wide.get(name) ?? name);
    draft.add(
      copyWith(NodeProtoSchema, node, narrows ? { input, attribute: createAttributes(TO_FLOAT) } : { input }),
    );
  });
}
