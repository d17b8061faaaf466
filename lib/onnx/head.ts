// Finds a language model's head: the matrix products that turn hidden states into logits.
import type { GraphProto, NodeProto } from "onnx-buf";

/** Where the hidden states of all positions become logits. */
export interface Head {
  /** Indices of the products, ascending; input 0 of each holds hidden states [batch, length, hidden]. */
  readonly nodes: readonly number[];
  /** Names of every value from the products to the logits. */
  readonly downstream: ReadonlySet<string>;
}

// Products whose input 1 is the weight; each maps position to position. Gemm works on matrices only, so it is
// never reached: the Reshape behind it would have to be changed as well.
export const PRODUCTS: ReadonlySet<string> = new Set([
  "MatMul",
  "MatMulNBits",
  "MatMulBnb4",
  "MatMulInteger",
  "MatMulIntegerToFloat",
  "DynamicQuantizeMatMul",
]);

// What exporters put behind the product: scales, biases, soft-caps, casts. All work position by position.
export const ELEMENTWISE: ReadonlySet<string> = new Set([
  "Add",
  "Cast",
  "Clip",
  "Div",
  "Identity",
  "Mul",
  "Sub",
  "Tanh",
]);
const STATIC_DEPTH = 6; // how far a weight may be from its initializer (Dequantize, Transpose, Cast, …)
const MAX_STEPS = 32;

/** The head behind `logits`, or null where the graph does not end in products and elementwise nodes alone. */
export function findHead(graph: GraphProto, logits: string): Head | null {
  const producers = new Map<string, number>();
  graph.node.forEach((node, index) => node.output.forEach((name) => producers.set(name, index)));
  const initializers = new Set(graph.initializer.map((tensor) => tensor.name));
  const found = new Set<number>();
  const downstream = new Set<string>();
  const pending = [logits];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === "" || downstream.has(name) || isStatic(name, STATIC_DEPTH)) continue;
    const index = producers.get(name);
    const node = index === undefined ? undefined : graph.node[index];
    if (index === undefined || node === undefined || downstream.size >= MAX_STEPS) return null;
    if (isScaleOfQuantisation(node, name)) continue;
    downstream.add(name);
    if (PRODUCTS.has(node.opType) && isStatic(node.input[1] ?? "", STATIC_DEPTH)) found.add(index);
    else if (ELEMENTWISE.has(node.opType)) pending.push(...node.input);
    else return null;
  }
  if (found.size === 0 || isUsedElsewhere(graph, downstream, logits)) return null;
  return { nodes: [...found].sort((a, b) => a - b), downstream };

  /** True where the value comes from initializers and constants alone. */
  function isStatic(name: string, depth: number): boolean {
    if (initializers.has(name)) return true;
    const node = graph.node[producers.get(name) ?? -1];
    if (node === undefined || depth === 0) return false;
    return node.input.every((input) => input === "" || isStatic(input, depth - 1));
  }
}

/** DynamicQuantizeLinear's scale and zero point hold for the whole tensor, so they have no positions to cut. */
function isScaleOfQuantisation(node: NodeProto, name: string): boolean {
  return node.opType === "DynamicQuantizeLinear" && node.output[0] !== name;
}

/** True where a node outside the way to the logits, or another output, reads a value on it. */
function isUsedElsewhere(graph: GraphProto, downstream: ReadonlySet<string>, logits: string): boolean {
  const outside = graph.node.filter((node) => !node.output.some((name) => downstream.has(name)));
  return outside.some((node) => node.input.some((name) => downstream.has(name))) ||
    graph.output.some((output) => output.name !== logits && downstream.has(output.name));
}
