// The job behind POST /api/preview: the tokens of a context and the distribution of the next one.
import type { Token } from "../wire/token.ts";
import type { PreviewInput, PreviewResult } from "../wire/preview.ts";
import type { ScoredToken } from "../wire/token.ts";
import type { Params } from "../sampling/params.ts";
import { mirostatMu } from "../sampling/stages/mirostat.ts";
import { contextOf } from "./context.ts";
import { describe, type Distribution, distributionAfter } from "./distribution.ts";
import { modelFactsOf } from "./inspect.ts";
import { waitFor } from "./waiting.ts";
import { checkSettings, warningsOfSettings } from "./settings.ts";
import { addCosts, NO_COST, timingOf } from "./timing.ts";
import type { Cost, LanguageModel, PathScores, Sliced } from "./types.ts";

/** Computes the answer. Throws faults: what contextOf and checkSettings throw, and invalid_request where
 * `params.stages` names a stage twice. */
export async function* preview(
  input: PreviewInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<PreviewResult> {
  checkSettings(input, model);
  const context = yield* waitFor(contextOf(input, model, signal));
  const { ids, promptLength } = context;
  const scores = input.include.includes("prompt_scores") ? yield* model.logits.scores(ids, signal) : null;
  const { params, constraint, aside = false } = input;
  const next = yield* distributionAfter({ ...context, params, constraint, u: null, aside }, model, signal);
  const cost: Cost = addCosts(scores ?? NO_COST, next);
  const tokens = model.codec.tokensOf(ids).map((token, at) =>
    scores === null ? token : scoreToken(token, at, scores)
  );
  return {
    model: modelFactsOf(model),
    prompt_tokens: tokens.slice(0, promptLength),
    completion_tokens: tokens.slice(promptLength),
    context_token_count: ids.length,
    dist: describe(next, input, model),
    template_text: context.templateText,
    warnings: [...context.warnings, ...warningsOfSettings(input, model), ...warningsOfEnd(next)],
    mirostat_mu: muOf(input.params),
    timing: timingOf(cost),
  };
}

function warningsOfEnd({ constraint }: Distribution): string[] {
  if (constraint === null || !constraint.over) return [];
  return ["The constrained text is over: what is shown to follow it is not constrained."];
}

/** The mu of a step with these settings; null where mirostat is off. */
export function muOf(params: Params): number | null {
  return params.mirostat_tau > 0 ? mirostatMu(params) : null;
}

function scoreToken(token: Token, at: number, { logprobs, ranks, entropies }: PathScores): ScoredToken {
  if (Number.isNaN(logprobs[at])) { // nothing comes before it, or the engine does not say
    return { ...token, p: null, logprob: null, rank: null, surprisal_bits: null, entropy_bits: null };
  }
  const logprob = logprobs[at]!;
  const possible = logprob > -Infinity; // else JSON has no number for it
  return {
    ...token,
    p: Math.exp(logprob),
    logprob: possible ? logprob : null,
    rank: ranks[at]! < 0 ? null : ranks[at]!,
    surprisal_bits: possible ? Math.max(0, -logprob / Math.LN2) : null,
    entropy_bits: Number.isNaN(entropies[at]) ? null : entropies[at]!,
  };
}
