// The first runs of an opened graph: whether what it gives are logits, and whether they are those of the text alone,
// however it is cut into runs. A graph that fails here would give wrong numbers without a word.
import { messageOf } from "../basics/message_of.ts";
import { fault } from "../fault.ts";
import { readKnownPrompt } from "./check.ts";
import { checkFinite } from "./finite.ts";
import type { Kv, LmRunner } from "./types.ts";

/** What may differ between two ways to compute a row, as a share of how far its logits lie from their mean. Rounding
 * stays below a thousandth in float32 and a hundredth in float16; 8-bit activations have a scale that depends on the
 * other rows. */
const TOLERANCE = { exact: 0.05, coarse: 0.5 };

interface TrialOptions {
  /** The most tokens that the model takes. */
  readonly most: number;
  /** Whether rows of one run share a scale: they differ by more then. */
  readonly coarse: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Tries the graph that is called `name` with known tokens: all at once, one by one, and behind a cut cache. Some
 * providers open what they cannot run, some files hold weights that overflow, and some graphs answer by more than the
 * text. Throws a `model_failed` fault that says what is wrong; rejects with the signal's reason. */
export async function tryRunner(runner: LmRunner, name: string, options: TrialOptions): Promise<void> {
  const reason = await findFault(runner, options)
    .then((wrong) => wrong === null ? null : `It gives wrong numbers: ${wrong}.`, (error) => {
      options.signal?.throwIfAborted();
      return messageOf(error);
    });
  if (reason !== null) {
    throw fault("model_failed", `${name} was opened, but cannot be used. ${reason}`);
  }
}

/** What is wrong, as the end of a sentence; null where all is well. Rejects with what the runs reject with. */
async function findFault(
  runner: LmRunner,
  { most, coarse, signal = new AbortController().signal }: TrialOptions,
): Promise<string | null> {
  const ids = readKnownPrompt(runner.vocabSize).slice(0, Math.max(1, most));
  const whole = await rowsAtOnce(runner, ids, signal);
  const { rows: steps, behind, again } = await rowsInTurn(runner, ids, signal);
  const width = runner.vocabSize;
  if (isProbabilities(steps.subarray(0, width))) {
    return 'its output "logits" holds probabilities, not logits';
  }
  const tolerance = coarse ? TOLERANCE.coarse : TOLERANCE.exact;
  const last = steps.subarray(-width);
  if (differenceOf(whole.subarray(-width), last) > tolerance) {
    return "several tokens at once give other logits than the same tokens one after the other: the cache does not " +
      "hold all that the graph needs to know of a text (such as its length), or is not read";
  }
  for (let at = whole.length - 2 * width; at >= 0; at -= width) {
    if (differenceOf(whole.subarray(at, at + width), steps.subarray(at, at + width)) > tolerance) {
      return "a token's logits depend on the tokens that come after it (there is no causal mask)";
    }
  }
  if (behind !== null && differenceOf(behind, last) > tolerance) {
    return "several tokens behind a cache give other logits than the same tokens one after the other";
  }
  return again === null || differenceOf(again, last) <= tolerance
    ? null
    : "a cache that was cut back to the beginning of a text is not that of the beginning (its tokens lie in another order)";
}

/** The logits after each of `ids` [ids, vocabSize], or after the last one alone where the graph gives no others. */
async function rowsAtOnce(
  runner: LmRunner,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Float32Array> {
  const run = async (logitsToKeep: number) => {
    const { logits, kv } = await runner.run(runner.empty(), ids, { logitsToKeep, signal });
    runner.release(kv);
    checkFinite(logits, runner.vocabSize);
    return logits;
  };
  return await run(0).catch(() => run(1)); // an abort ends the second as well
}

interface Steps {
  /** The logits after each token, fed one by one. */
  readonly rows: Float32Array;
  /** After the last one where all but the first are fed together behind that; null where there is only one. */
  readonly behind: Float32Array | null;
  /** After the last one where it is fed once more to the cut state; null where states cannot be cut, or there is one. */
  readonly again: Float32Array | null;
}

async function rowsInTurn(
  runner: LmRunner,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Steps> {
  const rows = new Float32Array(ids.length * runner.vocabSize);
  const held: Kv[] = [runner.empty()];
  let behind: Float32Array | null = null, again: Float32Array | null = null;
  try {
    for (const [at, id] of ids.entries()) {
      const { logits, kv } = await runner.run(held[0]!, [id], { signal });
      held[0] = kv;
      rows.set(logits, at * runner.vocabSize);
      if (at > 0 || ids.length === 1) continue;
      held[1] = runner.fork(kv);
      const other = await runner.run(held[1], ids.slice(1), { signal });
      held[1] = other.kv;
      behind = other.logits;
    }
    if (runner.cuts && ids.length > 1) {
      held[0] = runner.truncate(held[0]!, ids.length - 1);
      const other = await runner.run(held[0], ids.slice(-1), { signal });
      held[0] = other.kv;
      again = other.logits;
    }
  } finally {
    for (const kv of held) runner.release(kv);
  }
  checkFinite(rows, runner.vocabSize);
  return { rows, behind, again };
}

/** Whether a row holds probabilities: nothing below 0, and 1 in all. No logits do. */
function isProbabilities(row: Float32Array): boolean {
  let sum = 0;
  for (const value of row) {
    if (value < 0) return false;
    sum += value;
  }
  return row.length > 1 && Math.abs(sum - 1) < 1e-3;
}

/** ‖a − b‖ / ‖a‖ of two rows, each about its mean; 0 where both are flat. */
function differenceOf(a: Float32Array, b: Float32Array): number {
  const mean = (row: Float32Array) => row.reduce((sum, value) => sum + finite(value), 0) / row.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let apart = 0, size = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [finite(a[i]!) - meanA, finite(b[i]!) - meanB];
    apart += (x - y) ** 2;
    size += x ** 2;
  }
  return apart === 0 ? 0 : Math.sqrt(apart / size);
}

/** Tokens that cannot come (−infinity) count as far below all others. */
function finite(logit: number): number {
  return Math.max(logit, -1e4);
}
