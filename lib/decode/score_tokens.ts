// The tokens of a prompt with what the model thought of each: the `echo` of completions.
import type { ScoredId, ScoreTokensInput, ScoreTokensResult } from "../wire/sample.ts";
import { checkIds } from "./context.ts";
import { bareToken, describeScored } from "./token_entries.ts";
import type { LanguageModel, Sliced } from "./types.ts";

/** Listed tokens that are written between two chances for other jobs. */
const LISTED_A_SLICE = 4096;

/** Scores every token of a path; the first has no log-probability. Throws faults: what checkIds throws. */
export async function* scoreTokens(
  { ids, logprobs }: ScoreTokensInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<ScoreTokensResult> {
  checkIds(ids, model, "prompt");
  const { codec } = model;
  if (logprobs === null) {
    return { tokens: ids.map((id) => bareToken(id, "text", codec)), computed_tokens: 0 };
  }
  const scores = yield* model.logits.scores(ids, signal, Math.min(logprobs.top, model.vocabSize));
  const top = scores.tops?.count ?? 0;
  const tokens: ScoredId[] = [];
  let listed = 0;
  for (const [at, id] of ids.entries()) {
    const range = [at * top, (at + 1) * top] as const;
    const place = {
      ...{ id, logprob: scores.logprobs[at]! },
      topIds: scores.tops?.ids.subarray(...range) ?? [],
      topLogprobs: scores.tops?.logprobs.subarray(...range) ?? [],
    };
    // Nothing comes before the first; of others an engine may not say anything.
    tokens.push(
      Number.isNaN(place.logprob)
        ? bareToken(id, logprobs.names, codec)
        : describeScored(place, logprobs, codec),
    );
    listed += top + 1;
    if (listed < LISTED_A_SLICE) continue;
    listed = 0;
    yield { done: ids.length, total: ids.length };
  }
  return { tokens, computed_tokens: scores.computedTokens };
}
