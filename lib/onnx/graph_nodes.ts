// The nodes of a graph that is being changed, in topological order, and who gives and who reads each value.
import type { NodeProto } from "onnx-buf";

/** Nodes stay in order as long as what is added reads only what stands before it: new nodes go to the end, or within
 * {@link replace} in the place of a node. */
export class GraphNodes {
  /** What stands in place of each node of the file, and behind them what was appended. */
  readonly slots: NodeProto[][];
  readonly #slotOf = new Map<NodeProto, NodeProto[]>();
  readonly #producers = new Map<string, NodeProto>();
  #target: NodeProto[];
  #consumers: Map<string, NodeProto[]> | null = null;

  constructor(slots: readonly (readonly NodeProto[])[]) {
    this.#target = [];
    this.slots = [...slots.map((slot) => [...slot]), this.#target];
    for (const slot of this.slots) for (const node of slot) this.#place(node, slot);
  }

  /** All nodes in topological order. */
  all(): NodeProto[] {
    return this.slots.flat();
  }

  /** The node that gives this value; undefined for inputs and initializers. */
  producer(name: string): NodeProto | undefined {
    return this.#producers.get(name);
  }

  /** The nodes that read this value. */
  consumers(name: string): readonly NodeProto[] {
    this.#consumers ??= consumersOf(this.all());
    return this.#consumers.get(name) ?? [];
  }

  add(node: NodeProto): void {
    this.#target.push(node);
    this.#place(node, this.#target);
    this.#consumers = null;
  }

  /** Removes `node`; what `build` adds takes its place. */
  replace(node: NodeProto, build: () => void): void {
    const slot = this.#slotOf.get(node);
    if (slot === undefined) throw new Error(`The graph has no such node: ${node.name}`);
    const outer = this.#target;
    const added: NodeProto[] = this.#target = [];
    this.#slotOf.delete(node);
    for (const name of node.output) this.#producers.delete(name);
    try {
      build();
    } finally {
      this.#target = outer;
    }
    slot.splice(slot.indexOf(node), 1, ...added);
    for (const made of added) this.#slotOf.set(made, slot);
    this.#consumers = null;
  }

  #place(node: NodeProto, slot: NodeProto[]): void {
    this.#slotOf.set(node, slot);
    for (const name of node.output) if (name !== "") this.#producers.set(name, node);
  }
}

function consumersOf(nodes: readonly NodeProto[]): Map<string, NodeProto[]> {
  const consumers = new Map<string, NodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(node.input)) {
      const known = consumers.get(name);
      if (known === undefined) consumers.set(name, [node]);
      else known.push(node);
    }
  }
  return consumers;
}
