// The job behind POST /api/next-token: one distribution over the whole vocabulary, its most probable tokens, and
// one draw. Temperature and count never need the model again: the logits come from the cache.
import { round } from "../basics/round.ts";
import type { Candidate, NextTokenInput, NextTokenResult } from "../wire/next_token.ts";
import { countMass, type Dist, draw } from "../sampling/dist.ts";
import { bestIds, listProbs, probOf } from "../sampling/dist_forms.ts";
import { NEUTRAL_PARAMS } from "../sampling/params.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";
import { readContextIds } from "./context.ts";
import { distributionAfter } from "./distribution.ts";
import { identityOf } from "./inspect.ts";
import { timingOf } from "./timing.ts";
import type { LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** How many ids or logits the summaries `inputs` and `logits` show from either end. */
const SUMMARY_ENDS = 6;

/** Computes the answer; `u` in [0, 1) is the random number of the draw.
 *
 * prob = softmax(logits / temperature) over the whole vocabulary in double precision; temperature 0 is one-hot on
 * the argmax. Throws what readContextIds throws. */
export async function* computeNextToken(
  input: NextTokenInput,
  model: LanguageModel,
  signal: AbortSignal,
  u: number,
): Sliced<NextTokenResult> {
  const begun = performance.now();
  const { ids, complete } = yield* waitFor(readContextIds(input, model, signal));
  const params = { ...NEUTRAL_PARAMS, temperature: input.temperature };
  const answer = yield* distributionAfter({ ids, promptLength: ids.length, params, u }, model, signal);
  const sampledId = draw(answer.run.final, u);
  return {
    ...identityOf(model),
    ...describeDist(chooseShown(answer.run), input, model),
    sampled: model.codec.single(sampledId).text,
    sampled_id: sampledId,
    warning: warningsOf(input, ids, complete, model).join(" ") || null,
    inputs: pickEnds(ids),
    logits: pickEnds(answer.logits).map((value) => value === "..." || Number.isFinite(value) ? value : null),
    ids,
    eos: model.eosTokenIds.includes(ids[ids.length - 1]!),
    vocab_size: model.vocabSize,
    context_length: model.contextLength,
    model: model.id,
    timing_ms: round(performance.now() - begun, 2),
    timing: timingOf(answer),
  };
}

/** What is answered: the final distribution, and at temperature 1 with what an engine does not list. */
function chooseShown({ final, stages }: PipelineRun): Dist {
  const last = stages.at(-1);
  return last?.name === "listed" ? last.before : final;
}

/** Everything that depends on temperature and count only. */
function describeDist(dist: Dist, { top_k }: NextTokenInput, model: LanguageModel) {
  const shown = bestIds(dist, Math.min(top_k, dist.beyond === undefined ? model.vocabSize : dist.kept));
  const probs = listProbs(dist, shown);
  let shownMass = 0;
  for (let at = 0; at < probs.length; at++) shownMass += probs[at]!;
  const entropyBits = dist.beyond === undefined ? dist.entropyBits : null;
  return {
    candidates: Array.from(shown, (id, at) => candidateOf(id, probs[at]!, model)),
    entropy_bits: entropyBits,
    effective_choices: entropyBits === null ? null : 2 ** entropyBits,
    mass_90_count: dist.beyond !== undefined && dist.beyond.mass > 0.1 ? null : countMass(dist, 0.9),
    eos_prob: model.eosTokenIds.reduce((sum, id) => sum + probOf(dist, id), 0),
    other_prob: Math.max(0, 1 - shownMass),
  };
}

function candidateOf(id: number, p: number, model: LanguageModel): Candidate {
  const { text, display, special, bytes } = model.codec.single(id);
  return {
    token: text,
    prob: round(p, 6),
    id,
    logprob: p > 0 ? Math.log(p) : null,
    bytes,
    display,
    special,
  };
}

function warningsOf(
  input: NextTokenInput,
  ids: readonly number[],
  complete: boolean,
  model: LanguageModel,
): string[] {
  const warnings: string[] = [];
  if (input.top_k > model.vocabSize) {
    warnings.push(`top_k is more than the ${model.vocabSize} tokens of the vocabulary; all are listed.`);
  }
  if (input.ids || input.text === null) return warnings;
  if (/ $/.test(input.text)) {
    warnings.push("The text ends in a space: most tokens begin with theirs, so the next token is unusual.");
  }
  const read = model.codec.decode(ids.filter((id) => !model.codec.isSpecial(id)));
  if (read !== input.text && !complete) {
    warnings.push("The tokenizer changed this text: some of its characters have no token.");
  }
  return warnings;
}

/** The first and last values; a vocabulary is not copied for twelve of its logits. */
function pickEnds<T>(values: ArrayLike<T>): (T | "...")[] {
  const { length } = values;
  const part = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => values[from + at]!);
  if (length <= 2 * SUMMARY_ENDS) return part(0, length);
  return [...part(0, SUMMARY_ENDS), "...", ...part(length - SUMMARY_ENDS, length)];
}
