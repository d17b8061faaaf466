// softmax(q kᵀ · scale + bias, masked) v, for any number of queries per key head, as primitive nodes.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { END, reshape, scalar, sizeOf, slice, transpose } from "./emit.ts";

/** What attention is made of: values [B, heads, rows, D] and what shapes the scores. */
export interface Attend {
  readonly q: string; // [B, heads, S, D], rotated
  readonly k: string; // [B, kvHeads, T, D], rotated, with the past
  readonly v: string; // [B, kvHeads, T, D]
  readonly heads: number;
  readonly kvHeads: number;
  readonly rows: string; // absolute positions of the queries, int64 [S]
  readonly scale: number; // 0 = 1 / sqrt(D)
  readonly softcap: number; // c: scores become c tanh(scores / c); 0 = none
  readonly causal: boolean;
  readonly window: number; // keys that a row sees, itself included; none where it is not positive
  readonly bias: string; // added to the scores, broadcasting to [B, heads, S, T]; "" = none
  readonly sink: string; // one more score a head that takes its share and gives nothing: [heads], "zero", or "" = none
}

/** The score of a key that may not be seen: finite, so that a row that sees nothing stays a number. */
export const MASKED = -3.4e38;

/** [B, S, heads · D] → [B, heads, S, D]. */
export function splitHeads(draft: GraphDraft, x: string, heads: number): string {
  return transpose(draft, reshape(draft, x, [0, 0, heads, -1]), [0, 2, 1, 3]);
}

/** Keys or values [B, kvHeads, rows, D] behind those of the past, under `name` where it has one. */
export function joinPast(draft: GraphDraft, past: string, present: string, name = ""): string {
  const outputs = name === "" ? {} : { outputs: [name] };
  if (past === "") return draft.op("Identity", [present], outputs);
  return draft.op("Concat", [past, present], { attributes: { axis: 2n }, ...outputs });
}

/** The heads' outputs [B, heads, S, D]; the probabilities [B, heads, S, T] get the name that is asked for. */
export function attend(draft: GraphDraft, options: Attend, probabilities: string): string {
  const { q, k, v, heads, kvHeads } = options;
  const [length, total, width] = [sizeOf(draft, q, 2), sizeOf(draft, k, 2), sizeOf(draft, q, 3)];
  // Queries of one key head are stacked, so that keys and values need not be repeated.
  const stacked = reshape(draft, q, [0, kvHeads, -1, width]);
  const product = draft.op("MatMul", [stacked, transpose(draft, k, [0, 1, 3, 2])]);
  const raw = reshape(draft, draft.op("Mul", [product, factor(draft, options, width)]), [
    0,
    heads,
    length,
    -1,
  ]);
  softmax(draft, options, visible(draft, options, shaped(draft, options, raw), total), probabilities);
  const grouped = reshape(draft, probabilities, [0, kvHeads, -1, total]);
  return reshape(draft, draft.op("MatMul", [grouped, v]), [0, heads, length, -1]);
}

function factor(draft: GraphDraft, { scale }: Attend, width: string): string {
  if (scale !== 0) return draft.floats([scale]);
  const root = draft.op("Sqrt", [draft.op("Cast", [width], { attributes: { to: 1n } })]);
  return draft.op("Div", [draft.floats([1]), root]);
}

/** The soft-cap, then the bias. */
function shaped(draft: GraphDraft, { softcap, bias }: Attend, scores: string): string {
  let result = scores;
  if (softcap > 0) {
    const cap = draft.floats([softcap]);
    result = draft.op("Mul", [draft.op("Tanh", [draft.op("Div", [result, cap])]), cap]);
  }
  return bias === "" ? result : draft.op("Add", [result, bias]);
}

/** Scores of keys that a row may not see become {@link MASKED}. */
function visible(draft: GraphDraft, { causal, window, rows }: Attend, scores: string, total: string): string {
  if (!causal) return scores;
  const columns = draft.op("Range", [draft.ints([0], []), scalar(draft, total), draft.ints([1], [])]);
  const [row, column] = [reshape(draft, rows, [-1, 1]), reshape(draft, columns, [1, -1])];
  let seen = draft.op("Not", [draft.op("Greater", [column, row])]);
  if (window > 0) {
    const first = draft.op("Sub", [row, draft.ints([window])]);
    seen = draft.op("And", [seen, draft.op("Greater", [column, first])]);
  }
  return draft.op("Where", [seen, scores, draft.floats([MASKED])]);
}

function softmax(draft: GraphDraft, { sink, heads }: Attend, scores: string, name: string): void {
  const over = (values: string, outputs: { outputs?: string[] }) =>
    draft.op("Softmax", [values], { attributes: { axis: -1n }, ...outputs });
  if (sink === "") return void over(scores, { outputs: [name] });
  const one = sink === "zero" ? draft.floats(new Array<number>(heads).fill(0), [heads]) : sink;
  const shape = draft.op("Concat", [
    ...[sizeOf(draft, scores, 0), draft.ints([heads]), sizeOf(draft, scores, 2), draft.ints([1])],
  ], { attributes: { axis: 0n } });
  const column = draft.op("Expand", [reshape(draft, one, [1, heads, 1, 1]), shape]);
  const all = draft.op("Concat", [column, scores], { attributes: { axis: 3n } });
  draft.op("Identity", [slice(draft, over(all, {}), 3, 1, END)], { outputs: [name] });
}
