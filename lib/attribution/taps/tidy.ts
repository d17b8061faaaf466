// The last changes of a graph before it is written.
import { NodeProtoSchema } from "onnx-buf";
import { copyWith } from "../../onnx/copy_with.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import type { LmLayout } from "../../runners/types.ts";
import { buildInFront, concat, sizeOf } from "../forms/emit.ts";

/** Lets a past of batch 1 serve every row of a batch. */
export function sharePast(draft: GraphDraft, { slots, inputIds }: LmLayout): void {
  const shape = buildInFront(
    draft,
    () => concat(draft, [sizeOf(draft, inputIds, 0), draft.ints([1, 1, 1])], 0),
  );
  for (const { input } of slots) {
    let shared: string | null = null;
    for (const reader of draft.consumers(input)) {
      draft.replace(reader, () => {
        const given = shared ??= draft.op("Expand", [input, shape]);
        const inputs = reader.input.map((name) => name === input ? given : name);
        draft.add(copyWith(NodeProtoSchema, reader, { input: inputs }));
      });
    }
  }
}

/** Removes the nodes that no output needs: ONNX Runtime would run them. */
export function dropUnused(draft: GraphDraft): void {
  const needed = new Set(draft.outputs.map((output) => output.name));
  for (const node of draft.nodes.toReversed()) {
    if (node.output.some((name) => needed.has(name))) { for (const name of node.input) needed.add(name); }
    else draft.replace(node, () => {});
  }
}
