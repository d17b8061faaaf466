// One token drawn, without the explanations of a step: what completions of other servers' clients are made of.
import type { LogprobsInput, SampleInput, SampleResult, ScoredId } from "../wire/sample.ts";
import { draw } from "../sampling/dist.ts";
import { topIds } from "../sampling/order.ts";
import { bestIds, probOf } from "../sampling/dist_forms.ts";
import { countKnown } from "../sampling/ledger.ts";
import { BANNING_BIAS, type Params } from "../sampling/params.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";
import { uniformAt } from "../sampling/rng.ts";
import { logprobsUnder } from "../sampling/score.ts";
import { mirostatNextMu } from "../sampling/stages/mirostat.ts";
import { fitConstraint } from "./constraint_fit.ts";
import { checkKnown, checkLength } from "./context.ts";
import { distributionAfter, listsTooFewError } from "./distribution.ts";
import { muOf } from "./preview.ts";
import { checkSettings } from "./settings.ts";
import { bareTokenOf, describeScored } from "./token_entries.ts";
import type { LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** Draws the token after a path; `randomU` in [0, 1) is drawn with where no seed is given. Throws faults: what
 * checkSettings, checkKnown and checkLength throw. */
export async function* sample(
  input: SampleInput,
  model: LanguageModel,
  signal: AbortSignal,
  randomU: number,
): Sliced<SampleResult> {
  const { prompt_ids, completion_ids } = input;
  const ids = readPath(input, model);
  const mu = muOf(input.params);
  if (ids.length === model.contextLength) {
    return { token: null, end: "context_full", mirostat_mu: mu, computed_tokens: 0 };
  }
  const banned = [...input.ban_end ? model.eosTokenIds : [], ...input.banned_ids];
  const params = withoutIds(input.params, banned);
  const u = params.seed === null ? randomU : uniformAt(params.seed, ids.length);
  const position = {
    ...{ ids, promptLength: prompt_ids.length, params, u, constraint: input.constraint },
    ...{ allowed: input.allowed_ids, breakerTexts: input.breaker_texts },
  };
  const { run, computedTokens, constraint } = yield* distributionAfter(position, model, signal);
  if (constraint?.over) {
    return { token: null, end: "constraint_end", mirostat_mu: mu, computed_tokens: computedTokens };
  }
  const id = draw(run.final, u);
  const completion = [...completion_ids, id];
  const after = yield* waitFor(fitConstraint(input.constraint, { completion }, model, signal));
  return {
    token: describeDrawn(run, id, input.logprobs, model),
    end: model.eosTokenIds.includes(id) ? "eos_token" : after?.mustEnd ? "constraint_end" : null,
    mirostat_mu: mu === null
      ? null
      : mirostatNextMu(mu, params.mirostat_tau, params.mirostat_eta, probOf(run.final, id)),
    computed_tokens: computedTokens,
  };
}

/** The ids of the path. Throws what checkSettings, checkKnown and checkLength throw. */
function readPath(input: SampleInput, model: LanguageModel): readonly number[] {
  checkSettings(input, model);
  const { prompt_ids, completion_ids, allowed_ids } = input;
  checkKnown(prompt_ids, model, "prompt");
  checkKnown(completion_ids, model, "completion_ids");
  checkKnown(allowed_ids ?? [], model, "allowed_token_ids");
  const ids = [...prompt_ids, ...completion_ids];
  checkLength(ids, model, "prompt");
  return ids;
}

/** Settings under which `ids` are never drawn, whatever stages are named. */
function withoutIds(params: Params, ids: readonly number[]): Params {
  if (ids.length === 0) return params;
  const banned = Object.fromEntries(ids.map((id) => [id, BANNING_BIAS]));
  const { stages, logit_bias } = params;
  if (stages === null || stages.includes("logit_bias")) {
    return { ...params, logit_bias: { ...logit_bias, ...banned } };
  }
  return { ...params, stages: ["logit_bias", ...stages], logit_bias: banned };
}

function describeDrawn(
  run: PipelineRun,
  id: number,
  logprobs: LogprobsInput | null,
  model: LanguageModel,
): ScoredId {
  const { codec } = model;
  if (logprobs === null) return bareTokenOf(id, "text", codec);
  if (logprobs.ids !== undefined && run.raw.beyond !== undefined) {
    throw listsTooFewError("logprob_token_ids", run.raw.kept, model, "logprob_token_ids");
  }
  const { kept } = run.final;
  const raw = logprobs.of === "raw";
  const rawOf = run.raw.beyond === undefined
    ? logprobsUnder(run.raw.logits)
    : (id: number) => run.raw.logits[id]!;
  const of = raw ? rawOf : (id: number) => Math.log(probOf(run.final, id));
  const top = logprobs.ids !== undefined
    ? logprobs.ids
    : raw
    ? topIds(run.raw.logits, Math.min(logprobs.top, countKnown(run)))
    : bestIds(run.final, Math.min(logprobs.top, kept));
  const scores = { id, logprob: of(id), topIds: top, topLogprobs: Float64Array.from(top, (one) => of(one)) };
  return describeScored(scores, logprobs, codec);
}
