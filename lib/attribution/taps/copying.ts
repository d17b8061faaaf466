// What the rules of a copy work with; copy_path.ts says what copies are.
import type { NodeProto } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import type { Flow } from "../structure/flow.ts";

export interface CopyOptions {
  /** Of every new value's name; different for every copy. */
  readonly tag: string;
  /** Makes the copy linear: gives the value that one of the graph's own values has at the last position, [batch, 1,
   * …]. */
  readonly held?: (name: string) => string;
  /** int64 [COLUMNS]: only these columns of the last products, [batch, rows, COLUMNS]. */
  readonly columns?: string;
}

/** A copy being made. */
export interface Copying {
  readonly draft: GraphDraft;
  readonly flow: Flow;
  readonly options: CopyOptions;
  /** The graph's values → their copies. */
  readonly values: Map<string, string>;
  /** The graph's values whose copies have one entry for each column that is wanted. */
  readonly narrow: Set<string>;
  /** Scales of quantised activations: the copies take them as 1. */
  readonly scales: Set<string>;
  /** Values of the stretch that depend on its input through means and sums alone. */
  readonly measures: ReadonlySet<string>;
  /** Whether something was added that does not depend on the input. */
  constant: boolean;
  /** The copy of a value, made now where there is none yet; what is not of the stretch stays as it is, or is held. */
  input(name: string): string;
  onPath(name: string): boolean;
  /** Copies the node as it is, with these inputs. */
  again(node: NodeProto, inputs?: readonly string[]): void;
}
