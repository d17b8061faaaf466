// What opening a graph computes before its first run: nodes that read only constants are folded into new constants,
// each time again. For large ones (a table of embeddings kept in 8 bits and turned into floats by Cast and Mul) that
// takes longer than everything else: 1.0 s and 230 MB for 57 million weights, against some milliseconds once it is
// written down. Not so for what ONNX Runtime leaves for its runs (DequantizeLinear: 0.15 s for the same table), which
// counts as nothing here.
import type { GraphProto, NodeProto, TensorProto } from "onnx-buf";

/** Operators that are folded, and whose result has as many elements as their largest input. */
const ELEMENTWISE: ReadonlySet<string> = new Set(["Cast", "Mul", "Add", "Sub", "Div"]);
/** Those that only arrange anew. */
const ARRANGING: ReadonlySet<string> = new Set(["Transpose", "Reshape", "Squeeze", "Unsqueeze", "Identity"]);
const FLOAT_BYTES = 4;

/** Bytes of the constants that opening `graph` computes and keeps, counted as floats. */
export function countFoldedBytes(graph: Pick<GraphProto, "node" | "initializer">): number {
  const elements = new Map(graph.initializer.map((tensor) => [tensor.name, elementsOf(tensor)]));
  const folded = new Set<string>();
  const kept = new Set<string>();
  for (const node of graph.node) { // in topological order, as the format demands
    const [output] = node.output;
    const size = output === undefined ? null : countFolded(node, elements);
    if (size === null) {
      for (const input of node.input) if (folded.has(input)) kept.add(input);
    } else {
      elements.set(output!, size);
      folded.add(output!);
    }
  }
  let bytes = 0;
  for (const name of kept) bytes += (elements.get(name) ?? 0) * FLOAT_BYTES;
  return bytes;
}

/** Elements of what `node` gives where it reads constants alone, else null. */
function countFolded({ opType, input }: NodeProto, elements: ReadonlyMap<string, number>): number | null {
  if (!ELEMENTWISE.has(opType) && !ARRANGING.has(opType)) return null;
  const sizes = input.map((name) => elements.get(name));
  if (sizes.length === 0 || sizes.includes(undefined)) return null;
  return ARRANGING.has(opType) ? sizes[0]! : Math.max(...sizes as number[]);
}

function elementsOf({ dims }: TensorProto): number {
  return dims.reduce((product, size) => product * Number(size), 1);
}
