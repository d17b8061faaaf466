// Long texts in pieces: what a tap tells is about the last position, so all pieces but the last one only leave their
// keys and values behind.
import type { Tensor } from "../../ort/types.ts";
import type { Past } from "../draft_model.ts";
import type { TapGraph } from "./tap_graph.ts";
import type { TapRun } from "./tap_run.ts";

/** Tokens of a piece where taps read a long text. */
export const TAP_PIECE_TOKENS = 512;

/** The run of the last piece of `run`'s text, all pieces before it read by `read`. Runs of a batch, and texts that are
 * short enough, stay whole. */
export async function readToLastPiece(
  { layout: { slots } }: TapGraph,
  run: TapRun,
  pieceTokens: number,
  read: (piece: TapRun, want: readonly string[]) => Promise<Record<string, Tensor>>,
): Promise<TapRun> {
  const { ids, batch = 1, gates = {} } = run;
  if (batch !== 1) return run;
  let past = run.past ?? { length: 0, tensors: {} };
  const before = past.length;
  let from = 0;
  for (; ids.length - from > pieceTokens; from += pieceTokens) {
    const piece = {
      ids: ids.slice(from, from + pieceTokens),
      past,
      gates: cut(gates, ids.length, before, from, pieceTokens),
    };
    const results = await read(piece, slots.map(({ output }) => output));
    const tensors = slots.map(({ input, output }) => [input, results[output]!] as const);
    past = { length: before + from + pieceTokens, tensors: Object.fromEntries(tensors) };
  }
  if (from === 0) return run;
  return {
    ...run,
    ids: ids.slice(from),
    past,
    gates: cut(gates, ids.length, before, from, ids.length - from),
  };
}

/** Gates for `count` rows from `from` on, of `length` behind `before`: those by row, and the one by key. */
function cut(
  gates: Readonly<Record<string, Tensor>>,
  length: number,
  before: number,
  from: number,
  count: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(gates).map(([name, gate]) => {
      const { dims: [batch = 1, rows = 1, width = 1, keys], data } = gate;
      if (keys !== undefined) {
        const seen = keys === 1 ? 1 : before + from + count;
        return [name, { ...gate, dims: [batch, rows, width, seen], data: data.slice(0, seen) }];
      }
      if (rows !== length || rows === 1) return [name, gate];
      return [name, {
        ...gate,
        dims: [batch, count, width],
        data: data.slice(from * width, (from + count) * width),
      }];
    }),
  );
}

/** Keys and values of the first `length` tokens, cut out of a run's own, [1, heads, tokens, width]. */
export function cutFirstTokens(
  { layout: { slots } }: TapGraph,
  results: Readonly<Record<string, Tensor>>,
  length: number,
): Past {
  const tensors = slots.map(({ input, output }): [string, Tensor] => {
    const { dims, data } = results[output]!;
    const [, heads = 0, tokens = 0, width = 0] = dims;
    const first = new Float32Array(heads * length * width);
    for (let head = 0; head < heads; head++) {
      const from = head * tokens * width;
      first.set((data as Float32Array).subarray(from, from + length * width), head * length * width);
    }
    return [input, { type: "float32", dims: [1, heads, length, width], data: first }];
  });
  return { length, tensors: Object.fromEntries(tensors) };
}
