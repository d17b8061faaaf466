// Whether the native runner can be trusted on this machine: the same logits as a plain runner, and states that survive
// forks and truncations. Each check answers with the sentence of what differs, or null.
import type { Kv, LmRunner } from "./types.ts";

const PROBABILITY_TOLERANCE = 1e-4;
/** By how much two ways to the same logits may differ, as a share of the largest logit: all call the same kernels, so
 * another order of additions stays below it, and float16's last bit (5e-4) does. */
export const LOGIT_TOLERANCE = 2e-3;

/** Tokens of the prompt on which both runners must agree. */
const CHECK_TOKENS = 3;

/** Ids that any vocabulary has, spread over all of it. */
export function readKnownPrompt(vocabSize: number): number[] {
  return Array.from(
    { length: CHECK_TOKENS },
    (_, i) => Math.floor(((i + 1) * vocabSize) / (CHECK_TOKENS + 1)),
  );
}

/** What a plain runner or the addon says about known ids: logits of each piece's last token, [pieces, vocabSize]. */
export interface Reference {
  readonly vocabSize: number;
  readonly logits: Float32Array;
}

/** Asks `other` about `ids` (3 or more). Rejects with what the runner rejects with. */
export async function referenceOf(other: LmRunner, ids: readonly number[]): Promise<Reference> {
  return { vocabSize: other.vocabSize, logits: await logitsOf(other, piecesOf(ids)) };
}

/** Compares `native` with what another runner said about the same `ids`, in two pieces through the cache.
 *
 * Both runners get the same pieces, so that the comparison is as strict for graphs whose result depends on the
 * pieces (dynamic int8). Rejects with what the runner rejects with; releases every state it makes. */
export async function checkAgainst(
  native: LmRunner,
  theirs: Reference,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<string | null> {
  if (native.vocabSize !== theirs.vocabSize) {
    return `The native runner has ${native.vocabSize} tokens but the one beside it ${theirs.vocabSize}.`;
  }
  const ours = await logitsOf(native, piecesOf(ids), signal);
  const difference = describeFirstDifference(ours, theirs.logits, native.vocabSize);
  return difference === null ? null : `The native runner and the one beside it differ: ${difference}.`;
}

function piecesOf(ids: readonly number[]): (readonly number[])[] {
  return [ids.slice(0, -1), ids.slice(-1)];
}

/** Checks `native` alone: a state that was forked, led astray and cut back goes on like one that never was.
 *
 * Four short runs and no second session, so every start can afford it. The computation after the fork is the same
 * both times, whatever the graph's precision. */
export async function checkStates(
  native: LmRunner,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<string | null> {
  const half = Math.floor(ids.length / 2);
  const [head, tail] = [ids.slice(0, half), ids.slice(half)];
  let held: Kv[] = [];
  try {
    const start = native.empty();
    held = [start];
    const { kv: root } = await native.run(start, head, { signal });
    const [other, kept] = [native.fork(root), native.fork(root)];
    held = [root, other, kept];
    const straight = await native.run(root, tail, { logitsToKeep: 0, signal });
    held = [straight.kv, other, kept];
    const astray = await native.run(other, tail.toReversed(), { signal });
    held = [straight.kv, astray.kv, kept];
    const cut = native.cuts ? native.truncate(astray.kv, half) : native.fork(kept);
    held = native.cuts ? [straight.kv, cut, kept] : [straight.kv, astray.kv, cut, kept];
    const back = await native.run(cut, tail, { logitsToKeep: 0, signal });
    held = held.map((kv) => kv === cut ? back.kv : kv);
    const difference = describeFirstDifference(back.logits, straight.logits, native.vocabSize);
    return difference === null ? null : `A native state changed by a fork and a truncation: ${difference}.`;
  } finally {
    for (const kv of held) native.release(kv);
  }
}

/** The logits after each piece, appended one after the other: [pieces, vocabSize]. */
async function logitsOf(
  runner: LmRunner,
  pieces: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Float32Array> {
  const rows = new Float32Array(pieces.length * runner.vocabSize);
  let kv = runner.empty();
  try {
    for (const [row, piece] of pieces.entries()) {
      const step = await runner.run(kv, piece, { signal });
      kv = step.kv;
      rows.set(step.logits, row * runner.vocabSize);
    }
  } finally {
    runner.release(kv);
  }
  return rows;
}

/** The first row where logits or probabilities disagree, in words; NaN disagrees with everything. */
function describeFirstDifference(ours: Float32Array, theirs: Float32Array, width: number): string | null {
  if (ours.length !== theirs.length) return `${ours.length} logits instead of ${theirs.length}`;
  for (let row = 0; row * width < ours.length; row++) {
    const a = ours.subarray(row * width, (row + 1) * width),
      b = theirs.subarray(row * width, (row + 1) * width);
    const logit = measureLargestGap(a, b), scale = measureLargestLogit(a);
    const probability = measureLargestGap(softmax(a), softmax(b));
    if (logit <= LOGIT_TOLERANCE * scale && probability <= PROBABILITY_TOLERANCE) continue;
    return `at position ${row} by ${logit.toExponential(1)} in a logit and ` +
      `${probability.toExponential(1)} in a probability`;
  }
  return null;
}

/** The largest |logit|, at least 1; tokens that can never come (-infinity) have none. */
export function measureLargestLogit(logits: Float32Array): number {
  let most = 1;
  for (const logit of logits) if (logit !== -Infinity) most = Math.max(most, Math.abs(logit));
  return most;
}

/** The largest |a - b|, 0 where both are -infinity; NaN where there is one. `b` is as long as `a`. */
export function measureLargestGap(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most; // Math.max hands NaN on
}

function softmax(logits: Float32Array): Float32Array {
  let top = -Infinity, sum = 0;
  for (let i = 0; i < logits.length; i++) top = Math.max(top, logits[i]!);
  const weights = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i++) sum += weights[i] = Math.exp(logits[i]! - top);
  for (let i = 0; i < logits.length; i++) weights[i]! /= sum;
  return weights;
}
