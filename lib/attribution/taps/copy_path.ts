// A stretch of a graph once more, for other rows: the way from one value to another, applied to [batch, rows, width].
//
// Plain copies compute what the stretch computes. Linear copies hold what a normalisation measures (mean square,
// variance) at the value that it has for the text's last position, so that what remains is affine: f(a + b) =
// f(a) + f(b) - f(0). Quantised activations enter as the numbers they stand for.
import { findOwn } from "../../basics/find_own.ts";
import { type NodeProto, NodeProtoSchema } from "onnx-buf";
import { fault } from "../../fault.ts";
import { copyWith } from "../../onnx/copy_with.ts";
import type { Flow } from "../structure/flow.ts";
import { RULES } from "./copy_rules.ts";
import type { Copying, CopyOptions } from "./copying.ts";

export interface PathCopy {
  readonly output: string;
  /** True where the stretch adds something that does not depend on its input: a bias. */
  readonly constant: boolean;
}

/** Copies what turns `from` into `to`, with `rows` in the place of `from`. Throws an `unsupported` fault that names an
 * operator which a linear copy cannot split. */
export function copyPath(flow: Flow, from: string, to: string, rows: string, options: CopyOptions): PathCopy {
  const { draft } = flow;
  const nodes = flow.between(from, to);
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const values = new Map([["", ""], [from, rows]]);
  const copying: Copying = {
    ...{ draft, flow, options, values },
    narrow: new Set(),
    scales: new Set(),
    measures: measuresOf(flow, nodes, from),
    constant: false,
    onPath: (name) => name === from || producers.has(name),
    input: (name) => {
      const producer = producers.get(name);
      if (!values.has(name) && producer !== undefined) copyNode(copying, producer);
      const known = values.get(name);
      if (known !== undefined) return known;
      return options.held === undefined || flow.isStatic(name) ? name : options.held(name);
    },
    again: (node, inputs = node.input.map(copying.input)) => {
      const output = node.output.map((name) => name === "" ? "" : `${options.tag}/${name}`);
      const name = `${options.tag}/${node.name}`;
      draft.add(copyWith(NodeProtoSchema, node, { name, input: [...inputs], output }));
      node.output.forEach((original, i) => values.set(original, output[i]!));
    },
  };
  const output = copying.input(to);
  return { output, constant: copying.constant };
}

function copyNode(copying: Copying, node: NodeProto): void {
  const rule = findOwn(RULES, node.opType);
  if (rule !== undefined) return rule(copying, node);
  if (copying.options.held === undefined) return copying.again(node);
  throw fault(
    "unsupported",
    `Attribution cannot split what ${node.opType} "${node.name}" does over the parts that it is computed from.`,
  );
}

const REDUCTIONS: ReadonlySet<string> = new Set(["ReduceMean", "ReduceSum", "ReduceSumSquare", "ReduceL2"]);

function measuresOf(flow: Flow, nodes: readonly NodeProto[], from: string): Set<string> {
  const found = new Set<string>();
  const own = new Set([from, ...nodes.flatMap((node) => node.output)]);
  for (const node of nodes) {
    const inputs = flow.dataInputs(node).filter((name) => own.has(name));
    if (REDUCTIONS.has(node.opType) || inputs.every((name) => found.has(name))) {
      for (const name of node.output) found.add(name);
    }
  }
  return found;
}
