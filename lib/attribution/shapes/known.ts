// What rules about shapes ask of the graph that they are about.
import type { NodeProto } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import type { Dim } from "./dimensions.ts";

/** What is known of a graph before it runs, as the rules for single operators ask for it. */
export interface Known {
  readonly draft: GraphDraft;
  /** The dimensions of a value, or null where not even their number is known. */
  dims(name: string): readonly Dim[] | null;
  /** The numbers of a short list of sizes, or null where they are not known. */
  list(name: string): readonly Dim[] | null;
  /** The integers of a constant input, or null. */
  constants(node: NodeProto, index: number): number[] | null;
  /** A size that equals no other as far as is known. */
  fresh(): Dim;
}
