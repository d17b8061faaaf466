// Where token ids become vectors: the value that gradients are taken for, that integrated gradients move along a line
// and that occlusion sets to zero.
import { type NodeProto, TensorProto_DataType as DataType } from "onnx-buf";
import { fault } from "../../fault.ts";
import { intAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";

/** Operators that look rows up by number. */
export const LOOKUPS: ReadonlySet<string> = new Set(["Gather", "GatherBlockQuantized"]);
/** What may stand between the ids and their lookup. */
const OF_IDS: ReadonlySet<string> = new Set([
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Cast",
  "Identity",
]);
/** What turns looked-up integers into the row of the table: their scale and zero point. */
const OF_CODES: ReadonlySet<string> = new Set(["Cast", "Sub", "Mul"]);
const INTEGERS: ReadonlySet<number> = new Set([DataType.INT8, DataType.UINT8, DataType.INT4, DataType.UINT4]);

/** The name of the token embeddings [batch, length, width]: the rows of the embedding table, before any scaling and
 * before positions are added. Where rows are put together from several lookups (halves of codes, codes and scales),
 * the first value that holds them all. Throws an `unsupported` fault where the graph looks up no table by
 * `inputIds`. */
export function findEmbedding(draft: GraphDraft, inputIds: string): string {
  const lookups = lookupsOf(draft, inputIds);
  if (lookups.length === 0) {
    throw fault(
      "unsupported",
      `This model's graph looks up no table by "${inputIds}", so its token embeddings were not found.`,
    );
  }
  const joined = findJoinedValue(draft, lookups);
  return lookups.some((node) => holdsIntegers(draft, node)) ? findScaled(draft, joined) : joined;
}

function lookupsOf(draft: GraphDraft, inputIds: string): NodeProto[] {
  const ids = new Set([inputIds]);
  const lookups: NodeProto[] = [];
  for (const node of draft.nodes) {
    const [data = "", index = ""] = node.input;
    if (OF_IDS.has(node.opType) && ids.has(data)) ids.add(node.output[0]!);
    if (LOOKUPS.has(node.opType) && ids.has(index) && isStatic(draft, data)) lookups.push(node);
  }
  return lookups;
}

/** True where a value comes from constants alone. */
function isStatic(draft: GraphDraft, name: string): boolean {
  if (draft.constant(name) !== undefined) return true;
  const node = draft.producer(name);
  return node !== undefined && node.input.length > 0 &&
    node.input.every((input) => input === "" || isStatic(draft, input));
}

/** The first value that depends on all of the lookups. */
function findJoinedValue(draft: GraphDraft, lookups: readonly NodeProto[]): string {
  const sources = new Map<string, ReadonlySet<NodeProto>>();
  for (const node of draft.nodes) {
    const own = lookups.includes(node) ? [node] : node.input.flatMap((name) => [...sources.get(name) ?? []]);
    const found = new Set(own);
    if (found.size === lookups.length) return node.output[0]!;
    if (found.size > 0) { for (const name of node.output) sources.set(name, found); }
  }
  throw fault("unsupported", "This model's graph looks up token ids in tables that it never puts together.");
}

function holdsIntegers(draft: GraphDraft, { opType, input: [data = ""] }: NodeProto): boolean {
  let table = data;
  while (draft.constant(table) === undefined) table = draft.producer(table)?.input[0] ?? "";
  return opType === "Gather" && INTEGERS.has(draft.constant(table)!.dataType);
}

/** From looked-up integers to real rows: behind DequantizeLinear, or behind the casts, subtractions and products with
 * constants that stand for it. */
function findScaled(draft: GraphDraft, codes: string): string {
  let value = codes;
  if (draft.producer(value)?.opType === "DequantizeLinear") return value;
  for (;;) {
    const [next, other] = draft.consumers(value);
    if (next === undefined || other !== undefined) return value;
    if (next.opType === "DequantizeLinear") return next.output[0]!;
    const rest = next.input.filter((name) => name !== value);
    if (!OF_CODES.has(next.opType) || !rest.every((name) => isStatic(draft, name))) return value;
    if (next.opType === "Cast" && intAttribute(next, "to", 0) === DataType.INT64) return value;
    value = next.output[0]!;
  }
}
