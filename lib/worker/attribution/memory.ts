// How much memory attribution takes beside the model that serves, before it is opened. Coefficients were measured on
// the bundled model (114 MB, 30 layers of 576): 177 MB open with taps and 336 MB with gradients, the pages of its file
// counted, a gradient of 64 tokens 188 MB more.
import { fault } from "../../fault.ts";
import { costOfTask } from "../../attribution/explain/cost.ts";
import type { AttributionTask } from "../../attribution/explain/task.ts";
import { TAP_PIECE_TOKENS } from "../../attribution/taps/pieces.ts";
import { textConfigOf } from "../../hub/folder/config.ts";
import { sizeText } from "../../hub/folder/memory.ts";
import type { AttributedModel, GraphKind } from "./messages.ts";

/** Of the bytes of the file: its weights in a session of their own, and what the kernels make of them. */
const OPEN: Readonly<Record<GraphKind, number>> = { taps: 1.8, gradients: 2.9 };
/** Floats that a token holds in a layer, in widths of the residual stream. */
const FLOATS: Readonly<Record<GraphKind, number>> = { taps: 12, gradients: 42 };
/** Matrices of tokens by tokens that a head holds. */
const MATRICES: Readonly<Record<GraphKind, number>> = { taps: 2, gradients: 4 };
const RUN_TOKENS: Readonly<Record<GraphKind, number>> = { taps: 128, gradients: 64 }; // of several texts together

/** Both graphs may be open while, by this estimate, a run of one of them takes this much with them: for the bundled
 * model 700 MB. */
const TOGETHER = 6.1; // of the bytes of the file
const TOGETHER_LEAST = 1e8;

/** Bytes that both graphs and a run may take at once. */
export function memoryLimitOf({ bytes }: AttributedModel): number {
  return Math.max(TOGETHER_LEAST, bytes * TOGETHER);
}

/** Bytes to open a graph. */
export function estimateOpeningBytes({ bytes }: AttributedModel, graph: GraphKind): number {
  return Math.round(bytes * OPEN[graph]);
}

/** Bytes that a run over `tokens` tokens holds at most. */
export function estimateRunBytes(
  { config: whole }: AttributedModel,
  graph: GraphKind,
  tokens: number,
): number {
  const config = textConfigOf(whole);
  const size = (...names: readonly string[]) => Number(names.map((name) => config[name]).find(Boolean) ?? 0);
  const [layers, width] = [size("num_hidden_layers", "n_layer"), size("hidden_size", "n_embd")];
  const heads = size("num_attention_heads", "n_head");
  const read = graph === "taps" ? Math.min(tokens, TAP_PIECE_TOKENS) : tokens;
  const rows = Math.max(read, RUN_TOKENS[graph]);
  const perRow = width * FLOATS[graph] + heads * tokens * MATRICES[graph];
  return layers * rows * perRow * Float32Array.BYTES_PER_ELEMENT;
}

/** The graphs that a task needs. */
export function graphsOf(task: AttributionTask): GraphKind[] {
  const cost = costOfTask(task);
  return (["gradients", "taps"] as const).filter((graph) => cost[graph] > 0);
}

/** Bytes that a task takes at most: of the graphs that it needs, the larger one (they need not be open together). */
export function estimateTaskBytes(
  model: AttributedModel,
  task: AttributionTask,
  open: ReadonlySet<GraphKind>,
): number {
  const { context: { length }, target: { ids } } = task;
  const needs = graphsOf(task).map((graph) =>
    (open.has(graph) ? 0 : estimateOpeningBytes(model, graph)) +
    estimateRunBytes(model, graph, length + ids.length)
  );
  return Math.max(0, ...needs);
}

/** Throws an `unsupported` fault with both numbers where `need` bytes do not fit `free`; null = unknown. */
export function checkRoom(need: number, free: number | null, tokens: number): void {
  if (free === null || need <= free) return;
  throw fault(
    "unsupported",
    `Attribution of ${tokens} tokens needs about ${sizeText(need)} of memory beside the model, but only ` +
      `${sizeText(free)} are free. Use a shorter text, or a smaller model or dtype.`,
  );
}
