// The first runs of an opened graph: whether what it gives are logits, and whether they are those of the text alone,
// however it is cut into runs. A graph that fails here would give wrong numbers without a word.
import { messageOf } from "../basics/message_of.ts";
import { fault } from "../fault.ts";
import { readKnownPrompt } from "./check.ts";
import { checkFinite } from "./finite.ts";
import type { Kv, LmRunner } from "./types.ts";

/** What may differ between two ways to compute a row, as a share of how far its logits lie from their mean. Rounding
 * stayed below 1e-5 in float32 and 1e-4 in float16 (bundled and tiny models), a GPU may take another kernel for one
 * row; 8-bit activations with one scale for all rows had up to 0.05 in models of two layers. The tests' wrong graphs
 * have 0.15 to 1.8. */
const TOLERANCE = { exact: 0.1, coarse: 0.5 };

interface TrialOptions {
  /** The most tokens that the model takes. */
  readonly most: number;
  /** Whether rows of one run share a scale: they differ by more then. */
  readonly coarse: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Tries the graph that is called `name` with known tokens: all at once, behind a cache and behind a cut one. Some
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
  const { whole, again } = await runAtOnce(runner, ids, signal);
  const { first, behind, each } = await runInTurn(runner, ids, signal);
  for (const rows of [whole, again, first, behind, each]) checkFinite(rows, runner.vocabSize);
  if (isProbabilities(first)) return 'its output "logits" holds probabilities, not logits';
  const tolerance = coarse ? TOLERANCE.coarse : TOLERANCE.exact;
  const differ = (a: Float32Array, b: Float32Array) => differenceOf(a, b) > tolerance;
  const size = runner.vocabSize, last = whole.subarray(-size);
  if (whole.length > size && differ(first, whole.subarray(0, size))) {
    return "a token's logits depend on the tokens that come after it (there is no causal mask)";
  }
  if (differ(behind, last)) {
    return "tokens behind a cache give other logits than the same text at once: the cache does not hold all that the " +
      "graph needs to know of a text (such as its length), or is not read";
  }
  if (pairRowsBeforeLast(each, whole, size).some(([a, b]) => differ(a, b))) {
    return "behind a cache a token's logits depend on the tokens that come after it (there is no causal mask)";
  }
  return differ(again, last)
    ? "a token behind a cache that was cut back to it gives other logits than the same text at once: what is kept does " +
      "not lie in the text's order"
    : null;
}

/** `whole`: the logits after each of `ids` [ids, vocabSize], fed at once, or after the last one alone where the graph
 * gives no others. `again`: after the last one, fed once more to the state that is cut back to what is before it, or
 * where states cannot be cut to one that was made without it. */
async function runAtOnce(
  runner: LmRunner,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<{ readonly whole: Float32Array; readonly again: Float32Array }> {
  const { logits: whole, kv } = await runAll(runner, runner.empty(), ids, signal);
  const before = ids.slice(0, -1);
  let held = kv;
  try {
    if (runner.cuts) held = runner.truncate(held, before.length);
    else {
      runner.release(held);
      held = runner.empty();
      if (before.length > 0) held = (await runner.run(held, before, { signal })).kv;
    }
    const { logits: again, kv: end } = await runner.run(held, ids.slice(-1), { signal });
    held = end;
    return { whole, again };
  } finally {
    runner.release(held);
  }
}

/** The rows that both have before their last one, in pairs. */
function pairRowsBeforeLast(a: Float32Array, b: Float32Array, size: number): [Float32Array, Float32Array][] {
  const rows = Math.min(a.length, b.length) / size;
  return Array.from({ length: rows - 1 }, (_, i) => {
    const end = -size * (i + 1);
    return [a.subarray(end - size, end), b.subarray(end - size, end)];
  });
}

/** As `run`: the logits after each of `ids`, or after the last one alone where the graph gives no others. */
async function runAll(
  runner: LmRunner,
  kv: Kv,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<{ readonly logits: Float32Array; readonly kv: Kv }> {
  const run = (logitsToKeep: number) => runner.run(kv, ids, { logitsToKeep, signal });
  return await run(0).catch(() => run(1)); // an abort ends the second as well
}

/** The logits after the first of `ids`, and after the last one where the others are fed at once behind it. `each`:
 * after each of those, or after the last one alone. */
async function runInTurn(
  runner: LmRunner,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<{ readonly first: Float32Array; readonly behind: Float32Array; readonly each: Float32Array }> {
  const { logits: first, kv } = await runner.run(runner.empty(), ids.slice(0, 1), { signal });
  if (ids.length === 1) {
    runner.release(kv);
    return { first, behind: first, each: first };
  }
  const held = [kv, runner.fork(kv)];
  try {
    const one = await runner.run(held[0]!, ids.slice(1), { signal });
    held[0] = one.kv;
    const all = await runAll(runner, held[1]!, ids.slice(1), signal);
    held[1] = all.kv;
    return { first, behind: one.logits, each: all.logits };
  } finally {
    for (const kv of held) runner.release(kv);
  }
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

/** Logits from here down are those of tokens that cannot come (−infinity, or a mask's number). */
const FLOOR = -1e4;

/** A root mean square of differences that moves no probability by more than itself: rounding, where all logits are
 * alike. */
const HARMLESS = 1e-3;

/** ‖a − b‖ / ‖a‖ of two rows of the tokens that can come in either, each about its mean; 0 where a − b is harmless. */
function differenceOf(a: Float32Array, b: Float32Array): number {
  let count = 0, sumA = 0, sumB = 0;
  const each = (use: (x: number, y: number) => void) => {
    for (let i = 0; i < a.length; i++) {
      if (a[i]! > FLOOR || b[i]! > FLOOR) use(Math.max(a[i]!, FLOOR), Math.max(b[i]!, FLOOR));
    }
  };
  each((x, y) => {
    count++;
    sumA += x;
    sumB += y;
  });
  let apart = 0, size = 0;
  each((x, y) => {
    apart += (x - sumA / count - (y - sumB / count)) ** 2;
    size += (x - sumA / count) ** 2;
  });
  return apart <= count * HARMLESS ** 2 ? 0 : Math.sqrt(apart / size);
}
