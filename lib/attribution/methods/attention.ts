// Attention: how much the last position looks at each token, as it is, or followed back through the layers.
import { fault } from "../../fault.ts";
import type { TapSession } from "../taps/tap_session.ts";
import { attentionOutputOf, meanAttentionOutputOf } from "../taps/tap_graph.ts";
import { requireFinite } from "./target_value.ts";
import type { Question, Steering } from "./work.ts";

/** Rows of the last position: [layer][head][token], each summing to 1 (to less where a head has a sink of its own). */
export type AttentionRows = readonly (readonly Float32Array[])[];

/** All attention from the position that the target follows; for a span, the mean over its tokens' positions, of the
 * context's tokens. */
export async function attentionRows(
  session: TapSession,
  { context, target }: Question,
  { signal, progress }: Steering = {},
): Promise<AttentionRows> {
  const layers = Array.from({ length: session.graph.layers }, (_, layer) => attentionOutputOf(layer));
  const steps: Float32Array[][][] = [];
  for (const step of target.ids.keys()) {
    const ids = [...context, ...target.ids.slice(0, step)];
    const results = await session.run({ ids }, layers, signal);
    steps.push(layers.map((name) => {
      const { dims, data } = results[name]!;
      const [heads = 0, keys = 0] = [dims[1], dims[3]];
      return Array.from(
        { length: heads },
        (_, head) => (data as Float32Array).slice(head * keys, head * keys + context.length),
      );
    }));
    progress?.(step + 1, target.ids.length);
  }
  return steps[0]!.map((heads, layer) =>
    heads.map((_, head) => averageRows(steps.map((step) => step[layer]![head]!)))
  );
}

/** Which of the attention is shown: the mean of all heads, of one layer's heads, or one head. */
export interface AttentionChoice {
  readonly layer?: number | undefined; // by default all; -1 = the last one
  readonly head?: number | undefined; // by default all; needs a layer
}

/** One score a token. Throws an `invalid_request` fault for a layer or head that is not there. */
export function attentionScores(rows: AttentionRows, { layer, head }: AttentionChoice = {}): number[] {
  const found = layer === undefined ? rows.flat() : rows.at(layer);
  if (found === undefined) {
    throw fault(
      "invalid_request",
      `layer must be one of the model's ${rows.length}, but is ${layer}.`,
      "layer",
    );
  }
  if (head === undefined) return Array.from(averageRows(found), requireFinite);
  const row = found[head];
  if (row === undefined) {
    throw fault(
      "invalid_request",
      `head must be one of the layer's ${found.length}, but is ${head}.`,
      "head",
    );
  }
  return Array.from(row, requireFinite);
}

/**
 * Attention rollout (Abnar and Zuidema, 2020): the last row of the product over layers of (A + I) / 2 with A the mean
 * of the heads, each row normalised. Memory: layers · tokens² numbers; throws an `unsupported` fault with the figures
 * where that is more than `budgetBytes`.
 */
export async function attentionRollout(
  session: TapSession,
  { context }: Question,
  { signal, budgetBytes = 256 * 2 ** 20 }: Steering & { readonly budgetBytes?: number } = {},
): Promise<number[]> {
  const { layers } = session.graph;
  const length = context.length;
  const bytes = layers * length * length * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > budgetBytes) {
    throw fault(
      "unsupported",
      `Rollout over ${length} tokens and ${layers} layers needs ${
        Math.ceil(bytes / 2 ** 20)
      } MiB, more than the ` +
        `${Math.floor(budgetBytes / 2 ** 20)} MiB it may use; choose attention, or a shorter text.`,
    );
  }
  const names = Array.from({ length: layers }, (_, layer) => meanAttentionOutputOf(layer));
  const results = await session.run({ ids: context, whole: true }, names, signal);
  let row = Float64Array.from({ length }, (_, i) => i === length - 1 ? 1 : 0);
  for (const name of names.toReversed()) row = rollOut(row, results[name]!.data as Float32Array);
  return Array.from(row, requireFinite);
}

/** row · normalised (A + I) / 2. */
function rollOut(row: Float64Array, attention: Float32Array): Float64Array<ArrayBuffer> {
  const { length } = row;
  const next = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const weight = row[i]!;
    if (weight === 0) continue;
    let sum = 1;
    for (let j = 0; j < length; j++) sum += attention[i * length + j]!;
    for (let j = 0; j < length; j++) {
      next[j] = next[j]! + weight * (attention[i * length + j]! + (i === j ? 1 : 0)) / sum;
    }
  }
  return next;
}

function averageRows(rows: readonly Float32Array[]): Float32Array {
  const [first] = rows;
  if (first === undefined || rows.length === 1) return first ?? new Float32Array(0);
  return first.map((_, token) => rows.reduce((sum, row) => sum + row[token]!, 0) / rows.length);
}
