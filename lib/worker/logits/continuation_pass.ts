// The logits behind each of a few tokens of a path, in one run over all of them: what whole options are scored by, and
// what forced tokens are shown with.
import type { Continuation, Cost, Sliced } from "../../decode/types.ts";
import { logprobsUnder } from "../../sampling/score.ts";
import type { PassParts } from "./pass_parts.ts";

/** Tokens of one run: each has a row of logits. */
const CHUNK_TOKENS = 64;

/** Log-probabilities of `ids` from index `from` (1 or more) on. What options share is computed once: the logits behind
 * every token are remembered, and the state of the path. */
export async function* scoreContinuation(
  parts: PassParts,
  ids: readonly number[],
  from: number,
  signal: AbortSignal,
): Sliced<Continuation & Cost> {
  const logprobs = new Float64Array(ids.length - from);
  const cost = yield* computePrefixLogits(parts, ids, from, signal, (length, logits) => {
    logprobs[length - from] = logprobsUnder(logits)(ids[length]!);
  });
  return { logprobs, ...cost };
}

/** Takes the logits behind a prefix of so many tokens. */
type Take = (length: number, logits: Float32Array) => void;

/** Computes the logits behind each prefix of `ids` from length `from` (1 or more) to all but the last token, and
 * remembers them, and the state of the path. */
export async function* computePrefixLogits(
  parts: PassParts,
  ids: readonly number[],
  from: number,
  signal: AbortSignal,
  take: Take = () => {},
): Sliced<Cost> {
  const { runner, states } = parts;
  const cost = { computedTokens: 0, prefillMs: 0, decodeMs: 0 };
  let next = takeKnown(parts, ids, from, take); // the length of the first prefix that is not looked at yet
  if (next === ids.length) return cost;
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
        take(next, row);
        parts.remember(ids.slice(0, next), row);
      }
      if (next < ids.length) yield { done: end, total: ids.length };
    }
    return cost;
  } finally {
    states.put(state);
  }
}

/** Takes what is known from the beginning on; gives the length of the first prefix that is not. */
function takeKnown(
  { known }: PassParts,
  ids: readonly number[],
  from: number,
  take: Take,
): number {
  for (let length = from; length < ids.length; length++) {
    const logits = known(ids.slice(0, length));
    if (logits === null) return length;
    take(length, logits);
  }
  return ids.length;
}
