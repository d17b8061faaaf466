// What each attention head writes into the residual stream: its slice of the output projection, applied to its part of
// the attention's output, and the bias that belongs to no head.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { concat, END, reshape, slice } from "../forms/emit.ts";
import type { AttentionCore } from "../structure/cores.ts";
import type { Flow } from "../structure/flow.ts";
import type { Write } from "../structure/structure.ts";
import { copyPath } from "./copy_path.ts";
import { type HeadCount, layerGateOf } from "./gates.ts";
import type { Positions } from "./positions.ts";

/** The writes of one attention layer at the last position. */
export interface AttentionParts {
  readonly heads: string; // [batch, heads, hidden]
  readonly bias: string | null; // [batch, 1, hidden]
}

/** Splits an attention write into its parts and puts the bias behind its gate. */
export function splitAttention(
  draft: GraphDraft,
  positions: Positions,
  flow: Flow,
  write: Write & { readonly core: AttentionCore },
  heads: HeadCount,
): AttentionParts {
  const { name, layer, core } = write;
  let parts: AttentionParts = { heads: "", bias: null };
  draft.interpose(name, (before) => {
    const rows = keepOneHeadEach(draft, positions.last(core.merged), heads(core));
    const copy = copyPath(flow, core.merged, name, rows, { tag: `tap/heads_${layer}`, held: positions.last });
    const bias = slice(draft, copy.output, 1, -1, END);
    parts = {
      heads: draft.op("Sub", [slice(draft, copy.output, 1, 0, -1), bias]),
      bias: copy.constant ? bias : null,
    };
    if (!copy.constant) return void draft.op("Identity", [before], { outputs: [name] });
    const gone = draft.op("Sub", [draft.floats([1]), slice(draft, layerGateOf(layer), 2, -2, -1)]);
    const kept = draft.op("Sub", [positions.rows(before), draft.op("Mul", [bias, gone])]);
    draft.op("Reshape", [kept, draft.op("Shape", [before])], { outputs: [name] });
  });
  return parts;
}

/** [batch, 1, heads · width] → [batch, heads + 1, heads · width]: each row keeps one head, the last one none. */
function keepOneHeadEach(draft: GraphDraft, merged: string, count: number | string): string {
  const byHead = reshape(draft, merged, [0, 1, count, -1]);
  return reshape(draft, draft.op("Mul", [byHead, emitSelection(draft, count)]), [0, 0, -1]);
}

/** [1, heads + 1, heads, 1]: the identity matrix over a row of zeros. */
function emitSelection(draft: GraphDraft, count: number | string): string {
  if (typeof count === "number") {
    const at = (i: number) => Math.floor(i / count) === i % count ? 1 : 0;
    return draft.floats(Array.from({ length: (count + 1) * count }, (_, i) => at(i)), [
      1,
      count + 1,
      count,
      1,
    ]);
  }
  const zeros = (...shape: string[]) => draft.op("ConstantOfShape", [concat(draft, shape, 0)]);
  const identity = draft.op("EyeLike", [zeros(count, count)], { attributes: { dtype: 1n } });
  return reshape(draft, concat(draft, [identity, zeros(draft.ints([1]), count)], 0), [1, -1, count, 1]);
}
