// Attention of a small model as exporters write it out, in the ways that families differ.
import type { Builder } from "./graph_builder.ts";

export interface Attending {
  readonly biases?: boolean;
  readonly scoreCap?: number; // of the attention scores
  /** Queries, keys and values from one matrix: side by side (Phi-3), or head by head (GPT-NeoX, Bloom). */
  readonly packed?: "side by side" | "by head";
  /** Heads of keys and values: fewer, repeated (Llama) or, one alone, broadcast (Falcon). */
  readonly kvHeads?: number;
  /** Queries and keys are normalised by head (Qwen3, Gemma 3), or whole (OLMo 2). */
  readonly normsKeys?: "by head" | "whole";
  /** Whole heads turn, half of each (Phi, StableLM), or by pairs of neighbours (GPT-J). */
  readonly rotary?: "halves" | "part" | "neighbours";
  /** Only every second layer turns (SmolLM3). */
  readonly turnsEverySecond?: boolean;
  /** Scores fall with distance (Bloom). */
  readonly slopes?: boolean;
  /** Batch and heads are one dimension in the products (Bloom). */
  readonly foldsHeads?: boolean;
}

export const [WIDTH, HEADS, VOCABULARY] = [32, 4, 40];
const HEAD_WIDTH = WIDTH / HEADS;

export function linear(
  b: Builder,
  x: string,
  name: string,
  [from, to]: readonly [number, number],
  bias: boolean,
): string {
  const product = b.op("MatMul", [x, b.weight(`${name}.weight`, [from, to], 2 / Math.sqrt(from))]);
  return bias ? b.op("Add", [b.weight(`${name}.bias`, [to], 0.5), product]) : product;
}

/** What attention writes, [batch, rows, width]. */
export function attention(b: Builder, family: Attending, x: string, name: string, layer: number): string {
  const { biases = false, kvHeads = HEADS, rotary, turnsEverySecond = false } = family;
  const projected = project(b, family, x, name);
  let [q, k, v] = projected.map((part) => b.transposed(part, 0, 2, 1, 3)) as [string, string, string];
  if (rotary !== undefined && !(turnsEverySecond && layer % 2 === 1)) {
    [q, k] = [turned(b, q, rotary), turned(b, k, rotary)];
  }
  if (kvHeads > 1 && kvHeads < HEADS) [k, v] = [repeated(b, k, kvHeads), repeated(b, v, kvHeads)];
  const context = weighed(b, family, q, k, v);
  const merged = b.reshape(b.transposed(context, 0, 2, 1, 3), [0, 0, -1]);
  return linear(b, merged, `${name}.o`, [WIDTH, WIDTH], biases);
}

/** Queries, keys and values, [batch, rows, heads, head width]. */
function project(
  b: Builder,
  { biases = false, packed, kvHeads = HEADS, normsKeys }: Attending,
  x: string,
  name: string,
): string[] {
  const counts = [HEADS, kvHeads, kvHeads];
  if (packed === "by head") {
    const all = b.reshape(linear(b, x, `${name}.qkv`, [WIDTH, 3 * WIDTH], biases), [0, 0, HEADS, -1]);
    return counts.map((_, part) => b.sliced(all, 3, part * HEAD_WIDTH, (part + 1) * HEAD_WIDTH));
  }
  const total = counts.reduce((sum, count) => sum + count) * HEAD_WIDTH;
  const all = packed === undefined ? null : linear(b, x, `${name}.qkv`, [WIDTH, total], biases);
  let from = 0;
  return counts.map((count, part) => {
    const width = count * HEAD_WIDTH;
    const own = all === null
      ? linear(b, x, `${name}.${"qkv"[part]}`, [WIDTH, width], biases)
      : b.sliced(all, 2, from, from += width);
    const weight = (size: number) => b.weight(`${name}.${"qk"[part]}.norm`, [size], 1);
    const whole = part < 2 && normsKeys === "whole"
      ? b.op("Mul", [b.rootMeanSquare(own), weight(width)])
      : own;
    const heads = b.reshape(whole, [0, 0, count, -1]);
    return part < 2 && normsKeys === "by head"
      ? b.op("Mul", [b.rootMeanSquare(heads), weight(HEAD_WIDTH)])
      : heads;
  });
}

/** Rotary embedding of x [batch, heads, rows, head width] as x cos + turned(x) sin. */
function turned(b: Builder, x: string, kind: "halves" | "part" | "neighbours"): string {
  const width = kind === "part" ? HEAD_WIDTH / 2 : HEAD_WIDTH;
  const [own, rest] = kind === "part"
    ? [b.sliced(x, 3, 0, width), b.sliced(x, 3, width, HEAD_WIDTH)]
    : [x, null];
  const pair = kind === "neighbours" ? (at: number) => Math.floor(at / 2) : (at: number) => at % (width / 2);
  const tables = [Math.cos, Math.sin].map((of) => {
    const values = Array.from(
      { length: 64 * width },
      (_, i) => of(Math.floor(i / width) / 10 ** pair(i % width)),
    );
    return b.op("Gather", [b.floats(values, [64, width]), b.places()]);
  });
  const result = b.op("Add", [
    b.op("Mul", [own, tables[0]!]),
    b.op("Mul", [
      kind === "neighbours" ? neighboursSwapped(b, own) : halvesSwapped(b, own, width),
      tables[1]!,
    ]),
  ]);
  return rest === null ? result : b.op("Concat", [result, rest], { axis: -1n });
}

function halvesSwapped(b: Builder, x: string, width: number): string {
  const [left, right] = [b.sliced(x, 3, 0, width / 2), b.sliced(x, 3, width / 2, Number.MAX_SAFE_INTEGER)];
  return b.op("Concat", [b.op("Neg", [right]), left], { axis: -1n });
}

function neighboursSwapped(b: Builder, x: string): string {
  const [even, odd] = [0, 1].map((from) => b.sliced(x, 3, from, Number.MAX_SAFE_INTEGER, 2));
  const stacked = [b.op("Neg", [odd!]), even!].map((part) => b.op("Unsqueeze", [part, b.ints([-1])]));
  return b.op("Reshape", [b.op("Concat", stacked, { axis: -1n }), b.op("Shape", [x])]);
}

/** Keys or values for every query's head: [batch, kvHeads, rows, width] → [batch, heads, rows, width]. */
function repeated(b: Builder, x: string, kvHeads: number): string {
  const lone = b.op("Unsqueeze", [x, b.ints([2])]);
  const wide = b.op("Expand", [lone, b.ints([1, 1, HEADS / kvHeads, 1, 1])]);
  return b.op("Reshape", [wide, b.op("Concat", [b.ints([0, HEADS, -1, HEAD_WIDTH])], { axis: 0n })]);
}

/** softmax(q kᵀ) v, causal: [batch, heads, rows, head width]. */
function weighed(b: Builder, family: Attending, q: string, k: string, v: string): string {
  const { scoreCap, slopes = false, foldsHeads = false } = family;
  const fold = (x: string) => foldsHeads ? b.op("Reshape", [x, tail(b, x, [-1])]) : x;
  const unfold = (x: string) => foldsHeads ? b.op("Reshape", [x, tail(b, x, [-1, HEADS], 1)]) : x;
  const keys = foldsHeads ? b.transposed(fold(k), 0, 2, 1) : b.transposed(k, 0, 1, 3, 2);
  let scores = unfold(b.scaled(b.op("MatMul", [fold(q), keys]), HEAD_WIDTH ** -0.5));
  if (scoreCap !== undefined) scores = b.capped(scores, scoreCap);
  const row = b.places();
  if (slopes) {
    const distance = b.op("Cast", [b.reshape(row, [1, 1, 1, -1])], { to: 1n });
    const factors = b.floats(Array.from({ length: HEADS }, (_, head) => 2 ** -(head + 1)), [1, HEADS, 1, 1]);
    scores = b.op("Add", [scores, b.op("Mul", [distance, factors])]);
  }
  const hidden = b.op("Greater", [b.reshape(row, [1, -1]), b.reshape(row, [-1, 1])]);
  const masked = b.op("Where", [hidden, b.floats([-1e9]), scores]);
  const weights = b.op("Softmax", [masked], { axis: -1n });
  return unfold(b.op("MatMul", [fold(weights), fold(v)]));
}

/** `sizes`, and behind them the last two dimensions of `x`. */
function tail(b: Builder, x: string, sizes: readonly number[], from = 2): string {
  const last = b.sliced(b.op("Shape", [x]), 0, from, Number.MAX_SAFE_INTEGER);
  return b.op("Concat", [b.ints(sizes), last], { axis: 0n });
}
