// Switches in a model's graph: what is blanked is multiplied by 0, the rest is computed from it. Fed with ones, they
// change nothing.
import { TensorProto_DataType as DataType } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { END, reshape, sizeOf, slice } from "../forms/emit.ts";
import type { AttentionCore } from "../structure/cores.ts";
import type { Structure } from "../structure/structure.ts";
import { oneOrAllOf } from "../shapes/dimensions.ts";
import type { Positions } from "./positions.ts";

/** Inputs that blank something: ones and zeros, each dimension its full size or 1 for "all alike". */
export const GATES = {
  /** [batch, rows, 1]: token embeddings. */
  token: "tap/keep_token",
  /** [batch, 1, 1, keys]: value vectors, in every layer, past included. */
  value: "tap/keep_value",
  /** [batch, rows, 1]: the residual stream before the first block. */
  embedding: "tap/keep_embedding",
} as const;

/** [batch, rows, heads + 2]: a layer's heads (one entry for all, or one each), its attention bias, its MLP. */
export function layerGateOf(layer: number): string {
  return `tap/keep_layer_${layer}`;
}

/** How many heads attention has: a number, or int64 [1]. */
export type HeadCount = (core: AttentionCore) => number | string;

/** Where the graph does not say it, the count is read off the probabilities, once. */
export function createHeadCounter(draft: GraphDraft): HeadCount {
  const known = new Map<string, number | string>();
  return ({ probabilities, heads }) => {
    const count = heads ?? known.get(probabilities) ?? sizeOf(draft, probabilities, 1);
    known.set(probabilities, count);
    return count;
  };
}

/** Adds the inputs and blanks embeddings, values, heads and MLPs; biases are blanked where they are split off
 * (attention_parts.ts). `embedding` is the value that holds the token embeddings. */
export function addGates(
  draft: GraphDraft,
  positions: Positions,
  { states, writes }: Structure,
  embedding: string,
  heads: HeadCount,
): void {
  const float = (name: string, dims: readonly string[]) =>
    draft.input(name, DataType.FLOAT, dims.map((dim) => oneOrAllOf(`${name}/${dim}`)));
  const rows = ["batch", "rows", "width"];
  const blankRows = (value: string, gate: string) =>
    positions.change(value, (whole) => draft.op("Mul", [whole, gate]));
  blankRows(states[0]!, float(GATES.embedding, rows));
  blankRows(embedding, float(GATES.token, rows));
  const keep = float(GATES.value, ["batch", "heads", "rows", "keys"]);
  for (const layer of new Set(writes.map((write) => write.layer))) float(layerGateOf(layer), rows);
  for (const { name, layer, core } of writes) {
    const gate = layerGateOf(layer);
    if (core === null) {
      positions.change(name, (whole) => draft.op("Mul", [whole, slice(draft, gate, 2, -1, END)]));
      continue;
    }
    // A value vector of 0 weighs nothing: the same as a weight of 0, with the other weights as they are.
    draft.interpose(core.probabilities, (before) => {
      draft.op("Mul", [before, keep], { outputs: [core.probabilities] });
    });
    positions.change(core.merged, (whole) => {
      const byHead = reshape(draft, whole, [0, 0, heads(core), -1]);
      const kept = reshape(draft, slice(draft, gate, 2, 0, -2), [0, 0, -1, 1]);
      return reshape(draft, draft.op("Mul", [byHead, kept]), [0, 0, -1]);
    });
  }
}
