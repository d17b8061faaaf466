// The tokens of a prompt with what the model thought of each: the `echo` of completions, and vLLM's `prompt_logprobs`.
import type {
  PromptLogprobsInput,
  PromptLogprobsResult,
  ScoreTokensInput,
  ScoreTokensResult,
} from "../wire/sample.ts";
import { checkIds } from "./context.ts";
import { bareTokenOf, describeScored, type PlaceScores, rankedJson } from "./token_entries.ts";
import type { LanguageModel, PathScores, Sliced, Tops } from "./types.ts";

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
    return { tokens: ids.map((id) => bareTokenOf(id, "text", codec)), computed_tokens: 0 };
  }
  const scores = yield* model.logits.scores(ids, signal, Math.min(logprobs.top, model.vocabSize));
  // Nothing comes before the first; of others an engine may not say anything.
  const tokens = yield* writePlaces(
    ids,
    scores,
    (place) =>
      Number.isNaN(place.logprob)
        ? bareTokenOf(place.id, logprobs.names, codec)
        : describeScored(place, logprobs, codec),
  );
  return { tokens, computed_tokens: scores.computedTokens };
}

/** The same by id, with the rank of each listed token. Throws as scoreTokens. */
export async function* scorePrompt(
  { ids, top }: PromptLogprobsInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<PromptLogprobsResult> {
  checkIds(ids, model, "prompt");
  const scores = yield* model.logits.scores(ids, signal, Math.min(top, model.vocabSize));
  const places = yield* writePlaces(
    ids,
    scores,
    (place) => Number.isNaN(place.logprob) ? "null" : rankedJson(place, model.codec),
  );
  return { json: new TextEncoder().encode(`[${places}]`) };
}

interface Place extends PlaceScores {
  readonly rank: number; // 0-based; -1 where it is not known
}

async function* writePlaces<T>(
  ids: readonly number[],
  scores: PathScores & Tops,
  write: (place: Place) => T,
): Sliced<T[]> {
  const top = scores.tops?.count ?? 0;
  const written: T[] = [];
  let listed = 0;
  for (const [at, id] of ids.entries()) {
    const ids = scores.tops?.ids.subarray(at * top, (at + 1) * top) ?? new Int32Array();
    const gap = ids.indexOf(-1); // an engine may list fewer
    const count = gap < 0 ? ids.length : gap;
    written.push(write({
      ...{ id, logprob: scores.logprobs[at]!, rank: scores.ranks[at]! },
      topIds: ids.subarray(0, count),
      topLogprobs: scores.tops?.logprobs.subarray(at * top, at * top + count) ?? [],
    }));
    listed += top + 1;
    if (listed < LISTED_A_SLICE) continue;
    listed = 0;
    yield { done: ids.length, total: ids.length };
  }
  return written;
}
