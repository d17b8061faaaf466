// Graphs that were exported for one token at a time: some take no more at all, which their shapes say. The branch of a
// merged decoder that reads the cache, and layers with a convolution or a recurrence, may be wrong without a word where
// several tokens follow a past (no causal mask, one step of the state). Whether they are is found out at the first
// chance, by computing both ways.
import { concat } from "../basics/concat.ts";
import { LOGIT_TOLERANCE, measureLargestGap, measureLargestLogit } from "./check.ts";
import { growsWithTokens } from "./slots.ts";
import { type Kv, type LmLayout, type LmRunner, PIECE_TOKENS } from "./types.ts";

/** Tokens of one run where each is a pass of its own. */
const STEPS = 16;

/** Whether a graph of this layout is known to take any number of tokens behind a past. */
export function takesPieces({ integers, slots, oneAtATime = false }: LmLayout): boolean {
  return !oneAtATime && growsWithTokens(slots) && integers.every(({ name }) => name !== "use_cache_branch");
}

interface RunOptions {
  readonly logitsToKeep?: number;
  readonly signal?: AbortSignal | undefined;
}

/** `runner`, or where its graph may take one token at a time only, a runner that finds out and keeps to it. */
export function wrapStepwise(runner: LmRunner, layout: LmLayout): LmRunner {
  if (takesPieces(layout)) return runner;
  const { oneAtATime = false } = layout;
  let pieces = oneAtATime ? false : null as boolean | null; // null: not found out yet
  const isBegun = ({ length }: Kv) => length > 0 || oneAtATime;
  const { runScored: _, ...others } = runner; // rows have to be looked at one by one
  return {
    ...others,
    pieceTokens: (kv) => !isBegun(kv) || pieces === true ? PIECE_TOKENS : STEPS,
    async run(kv, ids, options = {}) {
      if (!isBegun(kv) || ids.length <= 1 || pieces === true) return await runner.run(kv, ids, options);
      if (pieces === false) return await runOneByOne(runner, kv, ids, options);
      const whole = await runTogether(runner, kv, ids, options);
      const steps = await runOneByOne(runner, kv, ids, { ...options, logitsToKeep: 0 });
      pieces = whole !== null && agree(whole, steps.logits);
      const rows = options.logitsToKeep === 0 ? ids.length : options.logitsToKeep ?? 1;
      return { kv: steps.kv, logits: steps.logits.slice(-rows * runner.vocabSize) };
    },
  };
}

/** The logits after each of `ids`, appended in one run to a copy of `kv`; null where the graph refuses that. */
async function runTogether(
  runner: LmRunner,
  kv: Kv,
  ids: readonly number[],
  { signal }: RunOptions,
): Promise<Float32Array | null> {
  let copy = runner.fork(kv);
  try {
    const { logits, kv: next } = await runner.run(copy, ids, { logitsToKeep: 0, signal });
    copy = next;
    return logits;
  } catch (error) {
    if (signal?.aborted) throw error; // nothing was found out
    return null;
  } finally {
    runner.release(copy);
  }
}

/** As `run`, token by token. */
async function runOneByOne(
  runner: LmRunner,
  kv: Kv,
  ids: readonly number[],
  { logitsToKeep = 1, signal }: RunOptions,
): Promise<{ logits: Float32Array; kv: Kv }> {
  const first = logitsToKeep === 0 ? 0 : ids.length - logitsToKeep;
  if (!Number.isInteger(first) || first < 0 || first >= ids.length) {
    throw new RangeError(`Expected to keep 0 to ${ids.length} positions but found ${logitsToKeep}.`);
  }
  const rows: Float32Array[] = [];
  let state = runner.fork(kv); // `kv` stays good where a step fails
  try {
    for (const [index, id] of ids.entries()) {
      const step = await runner.run(state, [id], { signal });
      state = step.kv;
      if (index >= first) rows.push(step.logits);
    }
  } catch (error) {
    runner.release(state);
    throw error;
  }
  runner.release(kv);
  return { logits: concat(Float32Array, rows), kv: state };
}

function agree(ours: Float32Array, theirs: Float32Array): boolean {
  const most = LOGIT_TOLERANCE * measureLargestLogit(theirs);
  return ours.length === theirs.length && measureLargestGap(ours, theirs) <= most;
}
