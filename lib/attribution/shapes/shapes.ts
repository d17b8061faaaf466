// What is known of values' shapes before the graph runs: which gradients need no sum over broadcast axes, and which
// values may take over whose memory. What it does not know is left to the run.
import type { NodeProto } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { dimsOf, valuesOf } from "../../onnx/graph_tensors.ts";
import { dimensionsOf } from "../../onnx/graph_values.ts";
import type { Dim } from "./dimensions.ts";
import type { Known } from "./known.ts";
import { listOf } from "./lists.ts";
import { inferDims } from "./rules.ts";

/** Shapes of the values of one graph, as it is when they are asked for. */
export class Shapes implements Known {
  readonly #known = new Map<string, readonly Dim[] | null>();
  readonly #lists = new Map<string, readonly Dim[] | null>();
  #unknown = 0;

  constructor(readonly draft: GraphDraft) {
    for (const input of draft.inputs) {
      const dims = dimensionsOf(input)?.map((size) => size === "" ? this.fresh() : size);
      this.#known.set(input.name, dims ?? null);
    }
    for (const node of draft.nodes) for (const name of node.output) this.dims(name); // in order: no deep recursion
  }

  dims(name: string): readonly Dim[] | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const node = this.draft.producer(name);
    const constant = node === undefined || node.opType === "Constant" ? this.draft.constant(name) : undefined;
    const found = constant !== undefined
      ? dimsOf(constant)
      : node === undefined
      ? null
      : inferDims(this, node, name);
    this.#known.set(name, found);
    return found;
  }

  list(name: string): readonly Dim[] | null {
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const found = listOf(this, name);
    this.#lists.set(name, found);
    return found;
  }

  constants(node: NodeProto, index: number): number[] | null {
    const constant = this.draft.constant(node.input[index] ?? "");
    return constant === undefined ? null : valuesOf(constant);
  }

  fresh(): Dim {
    return `?${this.#unknown++}`;
  }

  /** Says that a value has the shape of another: a gradient that of what it is the gradient of. */
  learn(name: string, like: string): void {
    const dims = this.dims(like);
    if (dims !== null) this.#known.set(name, dims);
  }
}
