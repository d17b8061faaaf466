// softmax(q kᵀ · scale + bias, masked) v, for any number of queries per key head, as primitive nodes.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { END, reshape, shapeOf, sizeOf, slice, toScalar, transpose } from "./emit.ts";
import type { Spans } from "./spans.ts";

/** What attention is made of: values [B, heads, rows, D] and what shapes the scores. */
export interface Attend {
  readonly q: string; // [B, heads, S, D], rotated
  readonly k: string; // [B, kvHeads, T, D], rotated, with the past
  readonly v: string; // [B, kvHeads, T, D]
  readonly heads: number;
  readonly kvHeads: number;
  readonly width: number | string; // D, or int64 [1] where the graph does not say it
  readonly spans: Spans;
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
  const { q, k, v, heads, kvHeads, width, spans } = options;
  // Queries of one key head are stacked, so that keys and values need not be repeated.
  const stacked = reshape(draft, q, [0, kvHeads, -1, width]);
  const product = draft.op("MatMul", [stacked, transpose(draft, k, [0, 1, 3, 2])]);
  const scaled = draft.op("Mul", [product, emitScale(draft, options)]);
  const byHead = spans.once(`rows of ${heads} heads`, () => shapeOf(draft, [0, heads, spans.length, -1]));
  const scores = draft.op("Reshape", [scaled, byHead]);
  softmax(draft, options, maskUnseen(draft, options, shapeScores(draft, options, scores)), probabilities);
  const byKeyHead = spans.once(
    `keys of ${kvHeads} heads`,
    () => shapeOf(draft, [0, kvHeads, -1, spans.total]),
  );
  const grouped = draft.op("Reshape", [probabilities, byKeyHead]);
  return draft.op("Reshape", [draft.op("MatMul", [grouped, v]), byHead]);
}

function emitScale(draft: GraphDraft, { scale, width }: Attend): string {
  if (scale !== 0) return draft.floats([scale]);
  if (typeof width === "number") return draft.floats([1 / Math.sqrt(width)]);
  const root = draft.op("Sqrt", [draft.op("Cast", [width], { attributes: { to: 1n } })]);
  return draft.op("Div", [draft.floats([1]), root]);
}

/** The soft-cap, then the bias. */
function shapeScores(draft: GraphDraft, { softcap, bias }: Attend, scores: string): string {
  let result = scores;
  if (softcap > 0) {
    const cap = draft.floats([softcap]);
    result = draft.op("Mul", [draft.op("Tanh", [draft.op("Div", [result, cap])]), cap]);
  }
  return bias === "" ? result : draft.op("Add", [result, bias]);
}

/** Scores of keys that a row may not see become {@link MASKED}. */
function maskUnseen(draft: GraphDraft, { causal, window, spans }: Attend, scores: string): string {
  if (!causal) return scores;
  const seen = spans.once(`visible within ${window}`, () => {
    const columns = draft.op("Range", [
      draft.ints([0], []),
      toScalar(draft, spans.total),
      draft.ints([1], []),
    ]);
    const [row, column] = [reshape(draft, spans.rows, [-1, 1]), reshape(draft, columns, [1, -1])];
    const past = draft.op("Not", [draft.op("Greater", [column, row])]);
    if (window <= 0) return past;
    const before = draft.op("Sub", [row, draft.ints([window])]);
    return draft.op("And", [past, draft.op("Greater", [column, before])]);
  });
  return draft.op("Where", [seen, scores, draft.floats([MASKED])]);
}

function softmax(draft: GraphDraft, { sink, heads }: Attend, scores: string, name: string): void {
  const over = (values: string, outputs: { outputs?: string[] }) =>
    draft.op("Softmax", [values], { attributes: { axis: -1n }, ...outputs });
  if (sink === "") return void over(scores, { outputs: [name] });
  const one = sink === "zero" ? draft.floats(new Array<number>(heads).fill(0), [heads]) : sink;
  const shape = shapeOf(draft, [sizeOf(draft, scores, 0), heads, sizeOf(draft, scores, 2), 1]);
  const column = draft.op("Expand", [reshape(draft, one, [1, heads, 1, 1]), shape]);
  const all = draft.op("Concat", [column, scores], { attributes: { axis: 3n } });
  draft.op("Identity", [slice(draft, over(all, {}), 3, 1, END)], { outputs: [name] });
}
