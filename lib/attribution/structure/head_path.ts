// The end of a language model's graph: final normalisation, head, soft-cap.
import { fault } from "../../fault.ts";
import { ELEMENTWISE, PRODUCTS } from "../../onnx/head.ts";
import type { Flow } from "./flow.ts";

/** The values at the end of the graph. */
export interface HeadPath {
  /** The residual stream behind the last block. */
  readonly residual: string;
  /** That stream normalised: what the head reads. */
  readonly normed: string;
  /** The logits before a soft-cap; `logits` where there is none. */
  readonly raw: string;
  readonly logits: string;
}

/** Operators that choose positions, or change shape or precision: the head reads what stands before them. */
const SELECTING: ReadonlySet<string> = new Set([
  ...["Cast", "Flatten", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Unsqueeze"],
  "DynamicQuantizeLinear",
]);
/** What reads the hidden states: products, and the scale of their quantisation. */
const READING: ReadonlySet<string> = new Set([...PRODUCTS, "Gemm", "DynamicQuantizeLinear"]);
const NORMS: ReadonlySet<string> = new Set([
  ...["LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization"],
]);

/** Throws an `unsupported` fault that names what was not found. */
export function findHeadPath(flow: Flow, logits: string): HeadPath {
  const normed = findHeadInput(flow, logits);
  return { residual: findResidual(flow, normed), normed, raw: findUncappedLogits(flow, logits), logits };
}

/** What all products of the head read. */
function findHeadInput(flow: Flow, logits: string): string {
  const { draft } = flow;
  const found = new Set<string>();
  const pending = [logits];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = draft.producer(name);
    if (node === undefined) throw missingPartError(`a head: "${name}" is an input of the graph`);
    if (READING.has(node.opType)) found.add(undoSelection(flow, node.input[0] ?? ""));
    else if (ELEMENTWISE.has(node.opType) || SELECTING.has(node.opType)) {
      pending.push(...flow.dataInputs(node).filter((input) => !flow.isStatic(input)));
    } else {throw missingPartError(
        `a head that it knows: ${node.opType} "${node.name}" stands before the logits`,
      );}
  }
  const [normed] = found;
  if (normed === undefined || found.size > 1) throw missingPartError("one value that the whole head reads");
  return normed;
}

function undoSelection(flow: Flow, name: string): string {
  let at = name;
  for (let node = flow.draft.producer(at); node !== undefined && SELECTING.has(node.opType);) {
    at = node.input[0] ?? "";
    node = flow.draft.producer(at);
  }
  return at;
}

/** The input of the Tanh's own scaling, where the logits pass through one. */
function findUncappedLogits(flow: Flow, logits: string): string {
  const { draft } = flow;
  const pending = [logits];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = draft.producer(name);
    if (node === undefined || !ELEMENTWISE.has(node.opType)) continue;
    if (node.opType !== "Tanh") {
      pending.push(...node.input.filter((input) => !flow.isStatic(input)));
      continue;
    }
    const scaling = draft.producer(flow.strip(node.input[0] ?? ""));
    const scaled = scaling?.opType === "Div" || scaling?.opType === "Mul";
    return (scaled ? scaling.input.find((input) => !flow.isStatic(input)) : node.input[0]) ?? "";
  }
  return logits;
}

/** The sum that the final normalisation normalises. */
function findResidual(flow: Flow, normed: string): string {
  const { draft } = flow;
  const norm = draft.producer(flow.strip(normed));
  if (norm !== undefined && NORMS.has(norm.opType)) return flow.strip(norm.input[0] ?? "");
  const sums = new Set<string>();
  const seen = new Set<string>();
  const pending = [normed];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name) || flow.isStatic(name)) continue;
    seen.add(name);
    const node = draft.producer(name);
    if (node === undefined) continue;
    if (isSum(flow, name)) sums.add(name);
    else pending.push(...flow.dataInputs(node));
  }
  const [residual] = sums;
  if (residual === undefined || sums.size > 1) {
    throw missingPartError("one residual stream under the final normalisation");
  }
  return residual;
}

/** True where a value is the sum of two values that are both computed. */
export function isSum(flow: Flow, name: string): boolean {
  const node = flow.draft.producer(name);
  return node?.opType === "Add" && node.input.every((input) => !flow.isStatic(input));
}

/** What to say where the graph is not built as expected. */
export function missingPartError(what: string): Error {
  return fault(
    "unsupported",
    `Attribution did not find ${what}; methods that look at parts cannot be used with it.`,
  );
}
