// The log-probabilities of a few tokens behind a path, in one run over all of them: what whole options are scored by.
import type { Continuation, Cost, Sliced } from "../../decode/types.ts";
import { logprobsUnder } from "../../sampling/score.ts";
import type { PassParts } from "./pass_parts.ts";

/** Tokens of one run: each has a row of logits. */
const CHUNK_TOKENS = 64;

/** Log-probabilities of `ids` from index `from` (1 or more) on. What options share is computed once: the logits behind
 * every token are remembered, and the state of the path. */
export async function* continuationPass(
  parts: PassParts,
  ids: readonly number[],
  from: number,
  signal: AbortSignal,
): Sliced<Continuation & Cost> {
  const { runner, states } = parts;
  const logprobs = new Float64Array(ids.length - from);
  const cost = { computedTokens: 0, prefillMs: 0, decodeMs: 0 };
  const score = (length: number, logits: Float32Array) => {
    logprobs[length - from] = logprobsUnder(logits)(ids[length]!);
  };
  let next = scoreKnown(parts, ids, from, score); // the length of the first prefix that is not looked at yet
  if (next === ids.length) return { logprobs, ...cost };
  let state = states.take(ids, next - 1);
  try {
    while (next < ids.length) {
      const start = state.ids.length;
      const end = Math.min(start + CHUNK_TOKENS, start + runner.pieceTokens(state.kv), ids.length - 1);
      const logitsToKeep = Math.max(1, end - Math.max(start, next - 1));
      const begun = performance.now();
      const { logits, kv } = await runner.run(state.kv, ids.slice(start, end), { logitsToKeep, signal });
      state = { ids: ids.slice(0, end), kv };
      cost.computedTokens += end - start;
      cost[end - start > 1 ? "prefillMs" : "decodeMs"] += performance.now() - begun;
      for (; next <= end; next++) {
        const at = next - 1 - (end - logitsToKeep);
        const row = logits.slice(at * runner.vocabSize, (at + 1) * runner.vocabSize);
        score(next, row);
        parts.remember(ids.slice(0, next), row);
      }
      if (next < ids.length) yield { done: end, total: ids.length };
    }
    return { logprobs, ...cost };
  } finally {
    states.put(state);
  }
}

/** Scores what is known from the beginning on; gives the length of the first prefix that is not. */
function scoreKnown(
  { known }: PassParts,
  ids: readonly number[],
  from: number,
  score: (length: number, logits: Float32Array) => void,
): number {
  for (let length = from; length < ids.length; length++) {
    const logits = known(ids.slice(0, length));
    if (logits === null) return length;
    score(length, logits);
  }
  return ids.length;
}
