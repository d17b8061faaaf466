// Attention kernels as primitive nodes: probabilities, their product with the values, heads put side by side.
// Attribution reads the probabilities, blanks values and differentiates; a kernel shows none of it.
// Forms: com.microsoft's and ONNX's operator documentation; ../shared/reference/OPS.md §3 has them measured.
import { findOwn } from "../../basics/find_own.ts";
import type { NodeProto } from "onnx-buf";
import { fault } from "../../fault.ts";
import { floatAttribute, intAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { dimsOf } from "../../onnx/graph_tensors.ts";
import { type Attend, attend, joinPast, MASKED, splitHeads } from "./attend.ts";
import { dimensionsOf } from "../../onnx/graph_values.ts";
import { reshape, shapeOf, sizeOf, slice, transpose } from "./emit.ts";
import { type Spans, spansOf } from "./spans.ts";

type Expansion = (draft: GraphDraft, node: NodeProto, spans: SpansFor) => void;
/** Gives the spans of the graph, which are made with the first attention's queries and past. */
type SpansFor = (queries: string, pastKey: string) => Spans;

const EXPANSIONS: Readonly<Record<string, Expansion>> = {
  GroupQueryAttention: expandGroupQuery,
  MultiHeadAttention: expandMultiHead,
  Attention: (draft, node, spans) =>
    node.domain === "com.microsoft"
      ? refuse(node, "keeps its projection inside the kernel")
      : expandStandard(draft, node, spans),
};

/** Replaces every attention kernel of the graph by primitives; values keep their names. Gives the values that hold
 * probabilities, [batch, heads, rows, keys], with their numbers of heads. Throws an `unsupported` fault that names what
 * a kernel does which has no primitive form here. */
export function expandAttention(draft: GraphDraft): Map<string, number> {
  const heads = new Map<string, number>();
  let spans: Spans | null = null;
  const spansFor: SpansFor = (queries, pastKey) => spans ??= spansOf(draft, queries, pastKey);
  for (const node of draft.nodes) {
    const expand = findOwn(EXPANSIONS, node.opType);
    if (expand === undefined) continue;
    draft.replace(node, () => expand(draft, node, spansFor));
    heads.set(probabilitiesOf(node), intAttribute(node, "num_heads", intAttribute(node, "q_num_heads", 0)));
  }
  return heads;
}

function probabilitiesOf(node: NodeProto): string {
  return `${node.output[0]}/probabilities`;
}

/** com.microsoft.GroupQueryAttention: query, key, value (or all in query), past key and value, lengths (implied by the
 * shapes: rows of a batch are equally long here), cos and sin caches, position_ids, attention_bias, head_sink. */
function expandGroupQuery(draft: GraphDraft, node: NodeProto, spansFor: SpansFor): void {
  const [query = "", key = "", value = "", pastKey = "", pastValue = "", , , cos = "", sin = ""] = node.input;
  const [, , , , , , , , , positions = "", bias = "", sink = ""] = node.input;
  const heads = intAttribute(node, "num_heads", 0);
  const kvHeads = intAttribute(node, "kv_num_heads", 0);
  const split = key === ""
    ? splitPacked(draft, query, [heads, kvHeads, kvHeads])
    : [splitHeads(draft, query, heads), splitHeads(draft, key, kvHeads), splitHeads(draft, value, kvHeads)];
  let [q = "", k = "", v = ""] = split;
  const spans = spansFor(q, pastKey);
  const width = widthOf(draft, q, pastKey);
  if (intAttribute(node, "do_rotary", 0) === 1) {
    const place = positions === "" ? repeatPositions(draft, q, spans) : positions;
    const turn = (x: string, count: number) => applyRotary(draft, node, x, [place, cos, sin], count);
    [q, k] = [turn(q, heads), turn(k, kvHeads)];
  }
  [k, v] = [joinPast(draft, pastKey, k, node.output[1]), joinPast(draft, pastValue, v, node.output[2])];
  merge(draft, node, {
    ...{ q, k, v, heads, kvHeads, width, spans, bias },
    scale: floatAttribute(node, "scale", 0),
    softcap: floatAttribute(node, "softcap", 0),
    causal: true,
    window: intAttribute(node, "local_window_size", -1),
    sink: sink === "" && intAttribute(node, "smooth_softmax", 0) === 1 ? "zero" : sink,
  });
}

/** com.microsoft.MultiHeadAttention: query, key, value, bias, key_padding_mask, attention_bias, past key and value. */
function expandMultiHead(draft: GraphDraft, node: NodeProto, spansFor: SpansFor): void {
  const [
    query = "",
    key = "",
    value = "",
    inputBias = "",
    padding = "",
    bias = "",
    pastKey = "",
    pastValue = "",
  ] = node.input;
  if (key === "" || value === "") {
    refuse(node, "has its query, key and value in one tensor of five dimensions");
  }
  if (padding !== "") refuse(node, "has a key_padding_mask");
  const heads = intAttribute(node, "num_heads", 0);
  const projected = withBias(draft, [query, key, value], inputBias);
  const [q = "", k = "", v = ""] = projected.map((x) => splitHeads(draft, x, heads));
  merge(draft, node, {
    ...{ q, heads, kvHeads: heads, bias, window: -1, softcap: 0, sink: "" },
    spans: spansFor(q, pastKey),
    width: widthOf(draft, q, pastKey),
    k: joinPast(draft, pastKey, k, node.output[1]),
    v: joinPast(draft, pastValue, v, node.output[2]),
    scale: floatAttribute(node, "scale", 0),
    causal: intAttribute(node, "unidirectional", 0) === 1,
  });
}

/** ai.onnx.Attention (operator set 23): Q, K, V of rank 3 or 4, attn_mask, past key and value. */
function expandStandard(draft: GraphDraft, node: NodeProto, spansFor: SpansFor): void {
  const [query = "", key = "", value = "", mask = "", pastKey = "", pastValue = "", lengths = ""] =
    node.input;
  if (lengths !== "") refuse(node, "has nonpad_kv_seqlen");
  const heads = intAttribute(node, "q_num_heads", 0);
  const kvHeads = intAttribute(node, "kv_num_heads", 0);
  if (heads === 0) refuse(node, "has heads as a dimension of its inputs (no q_num_heads)");
  const [q, k, v] = [
    splitHeads(draft, query, heads),
    splitHeads(draft, key, kvHeads),
    splitHeads(draft, value, kvHeads),
  ];
  merge(draft, node, {
    ...{ q, heads, kvHeads, window: -1, sink: "" },
    spans: spansFor(q, pastKey),
    width: widthOf(draft, q, pastKey),
    k: joinPast(draft, pastKey, k, node.output[1]),
    v: joinPast(draft, pastValue, v, node.output[2]),
    bias: mask === "" ? "" : makeAdditive(draft, mask),
    scale: floatAttribute(node, "scale", 0),
    softcap: floatAttribute(node, "softcap", 0),
    causal: intAttribute(node, "is_causal", 0) === 1,
  });
}

function refuse(node: NodeProto, what: string): never {
  throw fault("unsupported", `Attribution cannot look into ${node.opType} "${node.name}": it ${what}.`);
}

/** Attends and puts the heads side by side under the kernel's own output name. */
function merge(draft: GraphDraft, node: NodeProto, options: Attend): void {
  const output = node.output[0] ?? "";
  const context = attend(draft, options, probabilitiesOf(node));
  draft.op("Reshape", [transpose(draft, context, [0, 2, 1, 3]), draft.ints([0, 0, -1])], {
    outputs: [output],
  });
}

/** [B, S, (H + 2 KV) D] → the heads of each part, [B, heads, S, D]. */
function splitPacked(draft: GraphDraft, packed: string, counts: readonly number[]): string[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const heads = reshape(draft, packed, [0, 0, total, -1]);
  let from = 0;
  return counts.map((count) => transpose(draft, slice(draft, heads, 2, from, from += count), [0, 2, 1, 3]));
}

/** The bias of MultiHeadAttention, q | k | v, added to each. */
function withBias(draft: GraphDraft, parts: readonly string[], bias: string): readonly string[] {
  if (bias === "") return parts;
  const width = (draft.constant(bias)?.dims[0] ?? 0n) / 3n;
  return parts.map((part, i) =>
    draft.op("Add", [part, slice(draft, bias, 0, i * Number(width), (i + 1) * Number(width))])
  );
}

/** The rows' positions for every row of the batch of q, [B, S]. */
function repeatPositions(draft: GraphDraft, q: string, { rows, length, once }: Spans): string {
  return once("positions", () => draft.op("Expand", [rows, shapeOf(draft, [sizeOf(draft, q, 0), length])]));
}

/** The width of a head: the past's last dimension where the graph says it. */
function widthOf(draft: GraphDraft, q: string, pastKey: string): number | string {
  const past = draft.inputs.find(({ name }) => name === pastKey);
  const width = past === undefined ? undefined : dimensionsOf(past)?.[3];
  return typeof width === "number" ? width : sizeOf(draft, q, 3);
}

/** Rotary position embedding of x [B, heads, S, D]; where the caches are narrower than D, the rest passes through. */
function applyRotary(
  draft: GraphDraft,
  node: NodeProto,
  x: string,
  caches: readonly string[],
  heads: number,
): string {
  const cos = draft.constant(caches[1]!);
  if (cos === undefined) refuse(node, "computes its cos cache, which must be a constant");
  return draft.op("RotaryEmbedding", [x, ...caches], {
    domain: "com.microsoft",
    attributes: {
      interleaved: BigInt(intAttribute(node, "rotary_interleaved", 0)),
      num_heads: BigInt(heads),
      rotary_embedding_dim: BigInt(2 * dimsOf(cos)[1]!),
    },
  });
}

const TRUTHS: ReadonlySet<string> = new Set([
  ...["And", "Or", "Not", "Xor", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"],
]);
const BOOL = 9;

/** A mask of truths (true = visible) as numbers to add; a mask of numbers is one already. */
function makeAdditive(draft: GraphDraft, mask: string): string {
  let node = draft.producer(mask);
  while (node !== undefined && ["Expand", "Unsqueeze", "Reshape", "Slice"].includes(node.opType)) {
    node = draft.producer(node.input[0] ?? "");
  }
  const truth = node !== undefined &&
    (TRUTHS.has(node.opType) || (node.opType === "Cast" && intAttribute(node, "to", 0) === BOOL));
  return truth ? draft.op("Where", [mask, draft.floats([0]), draft.floats([MASKED])]) : mask;
}
