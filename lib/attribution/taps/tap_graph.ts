// A model's graph with taps and gates: one forward pass gives the attention of the last position, the residual stream
// after each layer read by the model's own head, and the logit split over the parts that wrote it; gates blank parts.
import { TensorProto_DataType as DataType } from "onnx-buf";
import { draftModel } from "../draft_model.ts";
import { findEmbedding } from "../graph/embedding.ts";
import { useFloat32 } from "../graph/float32.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import type { GraphSource } from "../../ort/types.ts";
import type { LmLayout } from "../../runners/types.ts";
import { expandAttention } from "../forms/attention.ts";
import { concat, END, reduce, reshape, slice } from "../forms/emit.ts";
import { splitSkipNorms } from "../forms/skip_norms.ts";
import { declareShapes } from "../shapes/declare.ts";
import { Shapes } from "../shapes/shapes.ts";
import { type Flow, traceFlow } from "../structure/flow.ts";
import { findStructure, type Structure } from "../structure/structure.ts";
import { splitAttention } from "./attention_parts.ts";
import { copyPath } from "./copy_path.ts";
import { COLUMNS } from "./copy_products.ts";
import { addGates, createHeadCounter, type HeadCount } from "./gates.ts";
import { createPositions, type Positions } from "./positions.ts";
import { dropUnused, sharePast } from "./tidy.ts";

/** Inputs beside the model's own and the gates. */
export const INPUTS = {
  /** int64 [r]: which states of the residual stream the head reads: 0 = before the first layer, `layers` = the model's
   * own, `layers` + 1 = the one predicted from the split for removed parts. */
  states: "tap/states",
  /** int64 [k]: ids whose logits and ranks are wanted. */
  ids: "tap/ids",
  /** int64 [2]: ids whose logits are split. */
  split: "tap/split_ids",
  /** int64 [m]: rows of {@link OUTPUTS.parts} without which the last state is predicted; the row of zeros removes
   * nothing. */
  removed: "tap/removed",
} as const;

/** Outputs beside the present keys and values. */
export const OUTPUTS = {
  logits: "tap/logits", // [batch, r, vocabulary]
  logsumexp: "tap/logsumexp", // [batch, r, 1]
  scores: "tap/scores", // [batch, r, k]: logits of `ids`
  ranks: "tap/ranks", // [batch, r, k]: how many logits are greater
  topLogits: "tap/top_logits", // [batch, r, 5]
  topIds: "tap/top_ids", // int64 [batch, r, 5]
  parts: "tap/parts", // [batch, parts + 2, 2]: each part's share of a logit, the constant's, the whole logit
} as const;

/** A layer's attention from the last position, [batch, heads, 1, keys]. */
export function attentionOutputOf(layer: number): string {
  return `tap/attention_${layer}`;
}

/** A layer's attention, the mean of its heads: [batch, rows, keys]. */
export function meanAttentionOutputOf(layer: number): string {
  return `tap/mean_attention_${layer}`;
}

/** One entry of `parts`, or all heads of a layer, one entry each. */
export interface PartRow {
  readonly kind: "embedding" | "heads" | "attention_bias" | "mlp";
  readonly layer: number | null;
}

export interface TapGraph {
  readonly source: GraphSource;
  readonly layout: LmLayout;
  readonly layers: number;
  readonly parts: readonly PartRow[];
  /** True where the logits pass through a soft-cap: the parts then add up to the logit before it. */
  readonly softcap: boolean;
  /** True where activations are quantised on the way: the parts add up only nearly. */
  readonly quantised: boolean;
  /** True where they are quantised by one scale for all that a run reads: a context gives other values in a batch, or
   * behind a cache, than alone. */
  readonly scaledByRun: boolean;
}

export const TOP = 5;

/** Builds the graph of the model file at `path`; `config` is the parsed config.json. Throws an `unsupported` fault that
 * names what was not found in it. */
export async function buildTaps(path: string, config: unknown): Promise<TapGraph> {
  const { draft, layout } = await draftModel(path, config, "tap");
  const embedding = findEmbedding(draft, layout.inputIds);
  useFloat32(draft);
  splitSkipNorms(draft);
  const kernels = expandAttention(draft);
  const flow = traceFlow(draft, embedding);
  const structure = findStructure(flow, layout.logits.name, kernels);
  const building = { draft, structure, flow, positions: createPositions(draft, layout.inputIds) };
  const heads = createHeadCounter(draft);
  addGates(draft, building.positions, structure, embedding, heads);
  const parts = partsOf(building, heads);
  const outputs = new Map(layout.slots.map((slot) => [slot.output, DataType.FLOAT]));
  tapAttention(draft, structure, outputs);
  readStates(building, splitLogits(building, parts.values, outputs), outputs);
  sharePast(draft, layout);
  draft.setOutputs(outputs);
  dropUnused(draft);
  declareShapes(draft, new Shapes(draft));
  return {
    source: await draft.source(),
    layout,
    layers: structure.states.length - 1,
    parts: parts.rows,
    softcap: structure.raw !== structure.logits,
    quantised: draft.nodes.some(isQuantising),
    scaledByRun: draft.nodes.some(({ opType }) => opType === "DynamicQuantizeLinear"),
  };
}

/** What the taps are added to. */
interface Building {
  readonly draft: GraphDraft;
  readonly structure: Structure;
  readonly flow: Flow;
  readonly positions: Positions;
}

function isQuantising(
  { opType, attribute }: { opType: string; attribute: readonly { name: string; i: bigint }[] },
) {
  return opType === "DynamicQuantizeLinear" ||
    attribute.some(({ name, i }) => name === "accuracy_level" && i === 4n);
}

/** What wrote into the stream at the last position, in order: [batch, n, hidden] each, and what they are. */
function partsOf({ draft, structure, flow, positions }: Building, heads: HeadCount) {
  const values = [positions.last(structure.states[0]!)];
  const rows: PartRow[] = [{ kind: "embedding", layer: null }];
  for (const write of structure.writes) {
    const { name, layer, core } = write;
    if (core === null) {
      values.push(positions.last(name));
      rows.push({ kind: "mlp", layer });
      continue;
    }
    const split = splitAttention(draft, positions, flow, { ...write, core }, heads);
    values.push(split.heads);
    rows.push({ kind: "heads", layer });
    if (split.bias === null) continue;
    values.push(split.bias);
    rows.push({ kind: "attention_bias", layer });
  }
  return { values, rows };
}

function tapAttention(draft: GraphDraft, { writes }: Structure, outputs: Map<string, DataType>): void {
  for (const { core, layer } of writes) {
    if (core === null) continue;
    const [last, mean] = [attentionOutputOf(layer), meanAttentionOutputOf(layer)];
    slice(draft, core.probabilities, 2, -1, END, [last]);
    reduce(draft, "ReduceMean", core.probabilities, [1], { keepdims: false, outputs: [mean] });
    outputs.set(last, DataType.FLOAT).set(mean, DataType.FLOAT);
  }
}

/** The model's own normalisation and head over the states that are asked for; `predicted` is the last of them. */
function readStates(
  { draft, structure, flow, positions }: Building,
  predicted: string,
  outputs: Map<string, DataType>,
): void {
  const { states, residual, normed, logits } = structure;
  const chosen = draft.input(INPUTS.states, DataType.INT64, ["tap/states_count"]);
  const ids = draft.input(INPUTS.ids, DataType.INT64, ["tap/ids_count"]);
  const stream = concat(draft, states.map(positions.last), 1);
  const read = copyPath(flow, residual, normed, stream, { tag: "tap/read" });
  const every = concat(draft, [read.output, predicted], 1);
  const rows = draft.op("Gather", [every, chosen], { attributes: { axis: 1n } });
  const head = copyPath(flow, normed, logits, rows, { tag: "tap/read" });
  const give = (name: string, value: string, type = DataType.FLOAT) => {
    outputs.set(draft.op("Identity", [value], { outputs: [name] }), type);
  };
  give(OUTPUTS.logits, head.output);
  give(OUTPUTS.logsumexp, logSumExp(draft, head.output));
  const scores = draft.op("Gather", [head.output, ids], { attributes: { axis: 2n } });
  give(OUTPUTS.scores, scores);
  const greater = draft.op("Greater", [
    reshape(draft, head.output, [0, 0, 1, -1]),
    reshape(draft, scores, [0, 0, -1, 1]),
  ]);
  const counted = draft.op("Cast", [greater], { attributes: { to: BigInt(DataType.FLOAT) } }); // exact below 2^24
  give(OUTPUTS.ranks, reduce(draft, "ReduceSum", counted, [3], { keepdims: false }));
  const [top = "", topIds = ""] = draft.ops("TopK", [head.output, draft.ints([TOP])], { outputs: 2 });
  give(OUTPUTS.topLogits, top);
  give(OUTPUTS.topIds, topIds, DataType.INT64);
}

/** log Σ exp over the last axis; five times faster than ReduceLogSumExp, which runs in one thread. */
function logSumExp(draft: GraphDraft, rows: string): string {
  const most = reduce(draft, "ReduceMax", rows, [2]);
  const powers = draft.op("Exp", [draft.op("Sub", [rows, most])]);
  return draft.op("Add", [draft.op("Log", [reduce(draft, "ReduceSum", powers, [2])]), most]);
}

/** Each part's share of the logits of two ids, the final normalisation's scale held; then a row of zeros, whose share
 * is the constant, and the whole stream. Gives what the head would read without some of the parts, [batch, 1,
 * hidden]. */
function splitLogits(
  { draft, structure, flow, positions }: Building,
  parts: readonly string[],
  outputs: Map<string, DataType>,
): string {
  const { residual, normed, raw } = structure;
  const columns = draft.input(INPUTS.split, DataType.INT64, [COLUMNS]);
  const removed = draft.input(INPUTS.removed, DataType.INT64, ["tap/removed_count"]);
  const whole = positions.last(residual);
  const nothing = draft.op("ConstantOfShape", [draft.op("Shape", [whole])]);
  const rows = concat(draft, [...parts, nothing, whole], 1);
  const held = { tag: "tap/split", held: positions.last };
  const scaled = copyPath(flow, residual, normed, rows, held);
  const shares = copyPath(flow, normed, raw, scaled.output, { ...held, columns });
  outputs.set(draft.op("Identity", [shares.output], { outputs: [OUTPUTS.parts] }), DataType.FLOAT);
  const gone = draft.op("Sub", [
    draft.op("Gather", [scaled.output, removed], { attributes: { axis: 1n } }),
    slice(draft, scaled.output, 1, -2, -1),
  ]);
  return draft.op("Sub", [slice(draft, scaled.output, 1, -1, END), reduce(draft, "ReduceSum", gone, [1])]);
}
