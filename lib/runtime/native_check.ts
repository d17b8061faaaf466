// Whether the native runner can be trusted on this machine: the same logits as the addon, and states that survive
// forks and truncations. Each check answers with the sentence of what differs, or null.
import type { Kv, LmRunner } from "./types.ts";

const SAME_PROBABILITY = 1e-4;
// Of the largest logit. Both runners call the same kernels, so only float16 logits come near (their last bit: 5e-4).
const SAME_LOGIT = 2e-3;

/** Compares `native` with `addon` on `ids` (3 or more): all positions at once, then in two pieces through the cache.
 *
 * Both runners get the same pieces, so that the comparison is as strict for graphs whose result depends on the
 * pieces (dynamic int8). Rejects with what a runner rejects with; releases every state it makes. */
export async function selfCheck(
  native: LmRunner,
  addon: LmRunner,
  ids: readonly number[],
): Promise<string | null> {
  if (native.vocabSize !== addon.vocabSize) {
    return `The native runner has ${native.vocabSize} tokens but the addon ${addon.vocabSize}.`;
  }
  const half = Math.floor(ids.length / 2);
  for (const pieces of [[ids], [ids.slice(0, half), ids.slice(half)]]) {
    const [ours, theirs] = [await logitsOf(native, pieces), await logitsOf(addon, pieces)];
    const difference = firstDifference(ours, theirs, native.vocabSize);
    if (difference !== null) return `Native and addon differ on ${pieces.length} piece(s): ${difference}.`;
  }
  return await stateCheck(native, ids);
}

/** Checks `native` alone: a state that was forked, led astray and cut back goes on like one that never was.
 *
 * Four short runs and no second session, so every start can afford it. The computation after the fork is the same
 * both times, whatever the graph's precision. */
export async function stateCheck(native: LmRunner, ids: readonly number[]): Promise<string | null> {
  const half = Math.floor(ids.length / 2);
  const [head, tail] = [ids.slice(0, half), ids.slice(half)];
  let held: Kv[] = [];
  try {
    const start = native.empty();
    held = [start];
    const { kv: root } = await native.run(start, head);
    const other = native.fork(root);
    held = [root, other];
    const straight = await native.run(root, tail, { keep: 0 });
    held = [straight.kv, other];
    const astray = await native.run(other, tail.toReversed());
    held = [straight.kv, astray.kv];
    const cut = native.truncate(astray.kv, half);
    held = [straight.kv, cut];
    const back = await native.run(cut, tail, { keep: 0 });
    held = [straight.kv, back.kv];
    const difference = firstDifference(back.logits, straight.logits, native.vocabSize);
    return difference === null ? null : `A native state changed by a fork and a truncation: ${difference}.`;
  } finally {
    for (const kv of held) native.release(kv);
  }
}

/** Logits of every position, the ids appended piece by piece. */
async function logitsOf(runner: LmRunner, pieces: readonly (readonly number[])[]): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  let kv = runner.empty();
  try {
    for (const piece of pieces) {
      const step = await runner.run(kv, piece, { keep: 0 });
      kv = step.kv;
      parts.push(step.logits);
    }
  } finally {
    runner.release(kv);
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** The first position where logits or probabilities disagree, in words; NaN disagrees with everything. */
function firstDifference(ours: Float32Array, theirs: Float32Array, width: number): string | null {
  if (ours.length !== theirs.length) return `${ours.length} logits instead of ${theirs.length}`;
  for (let row = 0; row * width < ours.length; row++) {
    const [a, b] = [ours, theirs].map((logits) => logits.subarray(row * width, (row + 1) * width));
    if (a === undefined || b === undefined) continue;
    const scale = Math.max(1, largest(a, b, (x) => Math.abs(x)));
    const logit = largest(a, b, (x, y) => Math.abs(x - y));
    const [p, q] = [softmax(a), softmax(b)];
    const probability = largest(p, q, (x, y) => Math.abs(x - y));
    if (logit <= SAME_LOGIT * scale && probability <= SAME_PROBABILITY) continue;
    return `at position ${row} by ${logit.toExponential(1)} in a logit and ` +
      `${probability.toExponential(1)} in a probability`;
  }
  return null;
}

/** The largest value of `of` over both rows; NaN where there is one. */
function largest(a: Float32Array, b: Float32Array, of: (x: number, y: number) => number): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, of(a[i] ?? NaN, b[i] ?? NaN));
  return most; // Math.max hands NaN on
}

function softmax(logits: Float32Array): Float32Array {
  const top = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
