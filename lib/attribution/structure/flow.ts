// How values flow through a graph: what is constant, what depends on what, which nodes lie between two values. Shapes
// are no flow: a value that only lends its size is not part of what is computed.
import type { NodeProto } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";

/** Operators that read sizes alone. */
const SIZES: ReadonlySet<string> = new Set(["Shape", "Size", "ConstantOfShape"]);
/** Operators whose first input is the data, the others say how it is arranged. */
const ARRANGING: ReadonlySet<string> = new Set([
  ...["Expand", "Pad", "Reshape", "Slice", "Squeeze", "Tile", "Unsqueeze"],
  ...["ReduceMax", "ReduceMean", "ReduceSum", "ReduceLogSumExp", "TopK"],
]);
/** Operators that pass their values on as they are, perhaps in another shape or precision. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  ...["Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"],
]);

/** The flow through a graph as it was when this was made. */
export interface Flow {
  readonly draft: GraphDraft;
  /** The inputs that a node computes with. */
  dataInputs(node: NodeProto): readonly string[];
  /** True where the value comes from weights and constants alone. */
  isStatic(name: string): boolean;
  /** The value that `name` is but for shape and precision; it goes back to the embeddings at most. */
  strip(name: string): string;
  /** The nodes that turn `from` into `to`, in topological order; none where `to` does not depend on `from`. */
  between(from: string, to: string): NodeProto[];
  reaches(from: string, to: string): boolean;
  /** The place of the node that gives this value, in topological order; -1 for inputs and weights. */
  place(name: string): number;
}

/** `embedding`: the value that holds the token embeddings. */
export function traceFlow(draft: GraphDraft, embedding: string): Flow {
  const nodes = draft.nodes;
  const places = new Map(nodes.flatMap((node, at) => node.output.map((name) => [name, at] as const)));
  const known = new Map<string, boolean>();
  const place = (name: string) => places.get(name) ?? -1;
  const producer = (name: string) => nodes[place(name)];
  const isStatic = (name: string): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const node = producer(name);
    const result = node === undefined
      ? draft.constant(name) !== undefined
      : node.input.every((input) => input === "" || isStatic(input));
    known.set(name, result);
    return result;
  };
  const between = (from: string, to: string) => findNodesBetween(nodes, place, from, to);
  return {
    draft,
    dataInputs: dataInputsOf,
    isStatic,
    place,
    strip: (name) => {
      let stripped = name;
      const passes = (node: NodeProto | undefined) =>
        node !== undefined && stripped !== embedding && TRANSPARENT.has(node.opType);
      for (let node = producer(name); passes(node);) {
        stripped = node!.input[0] ?? "";
        node = producer(stripped);
      }
      return stripped;
    },
    between,
    reaches: (from, to) => from === to || between(from, to).length > 0,
  };
}

function dataInputsOf(node: NodeProto): readonly string[] {
  if (SIZES.has(node.opType)) return [];
  const inputs = ARRANGING.has(node.opType) ? node.input.slice(0, 1) : node.input;
  return inputs.filter((name) => name !== "");
}

function findNodesBetween(
  nodes: readonly NodeProto[],
  place: (name: string) => number,
  from: string,
  to: string,
): NodeProto[] {
  const first = place(from); // nothing before it can depend on it
  const behind = new Set<number>();
  const pending = [to];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const at = place(name);
    if (name === from || at <= first || behind.has(at)) continue;
    behind.add(at);
    pending.push(...dataInputsOf(nodes[at]!));
  }
  const reached = new Set([from]);
  return [...behind].sort((a, b) => a - b).map((at) => nodes[at]!).filter((node) => {
    const depends = dataInputsOf(node).some((name) => reached.has(name));
    if (depends) { for (const name of node.output) reached.add(name); }
    return depends;
  });
}
