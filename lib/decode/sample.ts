// One token drawn, without the explanations of a step: what completions of other servers' clients are made of.
import type { LogprobsInput, SampleInput, SampleResult, ScoredId } from "../wire/sample.ts";
import { draw, topIds } from "../sampling/dist.ts";
import { countKnown } from "../sampling/ledger.ts";
import type { Params } from "../sampling/params.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import { logprobsUnder } from "../sampling/score.ts";
import { mirostatNextMu } from "../sampling/stages/mirostat.ts";
import { constraintAfter } from "./constraint_fit.ts";
import { checkKnown, checkLength } from "./context.ts";
import { distributionAfter } from "./distribution.ts";
import { presentMu } from "./preview.ts";
import { checkSettings } from "./settings.ts";
import { bareToken, describeScored } from "./token_entries.ts";
import type { LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** As strong as a bias can be: below every other token, and still a number. */
const BANNED = -10_000;

/** Draws the token after a path; `randomU` in [0, 1) is drawn with where no seed is given. Throws faults: what
 * checkSettings, checkKnown and checkLength throw. */
export async function* sample(
  input: SampleInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<SampleResult> {
  checkSettings(input, model);
  const { prompt_ids, completion_ids } = input;
  checkKnown(prompt_ids, model, "prompt");
  checkKnown(completion_ids, model, "completion_ids");
  const ids = [...prompt_ids, ...completion_ids];
  checkLength(ids, model, "prompt");
  const mu = presentMu(input.params);
  if (ids.length === model.contextLength) {
    return { token: null, end: "context_full", mirostat_mu: mu, computed_tokens: 0 };
  }
  const params = input.ban_end ? withoutEnd(input.params, model) : input.params;
  const u = params.seed === null ? randomU : uniformAt(params.seed, ids.length);
  const position = { ids, promptLength: prompt_ids.length, params, u, constraint: input.constraint };
  const { run, computedTokens, constraint } = yield* distributionAfter(position, model, signal);
  if (constraint?.over) {
    return { token: null, end: "constraint_end", mirostat_mu: mu, computed_tokens: computedTokens };
  }
  const id = draw(run.final.probs, u);
  const completion = [...completion_ids, id];
  const after = yield* waitFor(constraintAfter(input.constraint, { completion }, model, signal));
  return {
    token: describeDrawn(run, id, input.logprobs, model),
    end: model.eosTokenIds.includes(id) ? "eos_token" : after?.mustEnd ? "constraint_end" : null,
    mirostat_mu: mu === null
      ? null
      : mirostatNextMu(mu, params.mirostat_tau, params.mirostat_eta, run.final.probs[id]!),
    computed_tokens: computedTokens,
  };
}

function withoutEnd(params: Params, { eosTokenIds }: LanguageModel): Params {
  const banned = Object.fromEntries(eosTokenIds.map((id) => [id, BANNED]));
  return { ...params, logit_bias: { ...params.logit_bias, ...banned } };
}

function describeDrawn(
  run: PipelineRun,
  id: number,
  logprobs: LogprobsInput | null,
  { codec }: LanguageModel,
): ScoredId {
  if (logprobs === null) return bareToken(id, "text", codec);
  const { probs, kept } = run.final;
  const raw = logprobs.of === "raw";
  const rawOf = run.raw.beyond === undefined
    ? logprobsUnder(run.raw.logits)
    : (id: number) => run.raw.logits[id]!;
  const of = raw ? rawOf : (id: number) => Math.log(probs[id]!);
  const top = raw
    ? topIds(run.raw.logits, Math.min(logprobs.top, countKnown(run)))
    : topIds(probs, Math.min(logprobs.top, kept));
  const scores = { id, logprob: of(id), topIds: top, topLogprobs: Float64Array.from(top, of) };
  return describeScored(scores, logprobs, codec);
}
