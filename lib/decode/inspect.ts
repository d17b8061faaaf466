// One distribution, explained: what every stage between the logits and the draw did to it and to the tokens shown.
// Needs nothing but the logits, so that a slider costs no forward pass.
import type { Fitting } from "../constraints/position/types.ts";
import type { ConstraintType } from "../sampling/constraint_kinds.ts";
import type { DistResult, DistToken, Unlisted } from "../wire/distribution.ts";
import type { ModelFacts, ModelIdentity } from "../wire/token.ts";
import type { PreviewInput } from "../wire/preview.ts";
import { type Beyond, countMass, type Dist } from "../sampling/dist.ts";
import { probOf } from "../sampling/dist_forms.ts";
import { ledgerOf, orderShown } from "../sampling/ledger.ts";
import { topIds } from "../sampling/order.ts";
import type { PipelineRun, StageTrace } from "../sampling/pipeline.ts";
import { constraintStateOf } from "./constraint_state.ts";
import type { LanguageModel } from "./types.ts";

/** Tokens of one answer for which a way back is searched: it takes longer than everything else. */
const MOST_RESTORES = 256;

/** The constraint that acted in a run. */
interface Acting {
  readonly type: ConstraintType;
  readonly position: Fitting;
}

/** A run as it is answered: its `top_k` tokens in the order of p_base (ties by id), and the sums over all others. */
export function describeRun(
  run: PipelineRun,
  { top_k, include }: Pick<PreviewInput, "top_k" | "include">,
  model: LanguageModel,
  acting: Acting | null = null,
): DistResult {
  const shown = orderShown(run, top_k);
  const ranks = Array.from(shown, (_, rank) => rank);
  const tokens = describeTokens(run, shown, ranks, include.includes("stages"), model);
  const rest = (p: (token: DistToken) => number) =>
    Math.max(0, 1 - tokens.reduce((sum, token) => sum + p(token), 0));
  const constraint = run.stages.find(({ name }) => name === "constraint");
  return {
    top_k: tokens.length,
    tokens,
    kept_top: tokens.some((token) => token.kept) ? [] : listKept(run, tokens.length, model),
    other_p_base: rest((token) => token.p_base),
    other_p_final: rest((token) => token.p_final),
    other_p_raw: rest((token) => token.p_raw),
    kept_token_count: run.final.kept,
    constraint_active: acting !== null,
    constraint_type: acting?.type ?? null,
    entropy_bits: run.raw.beyond === undefined ? run.raw.entropyBits : null,
    entropy_final_bits: run.final.entropyBits,
    effective_choices: 2 ** run.final.entropyBits,
    mass_90_count: countMass(run.final, 0.9),
    eos_p: Math.min(1, model.eosTokenIds.reduce((sum, id) => sum + probOf(run.final, id), 0)),
    stages: run.stages.map(({ name, kept, removed, removedMass, after }) => ({
      name,
      kept,
      removed,
      removed_mass: removedMass,
      entropy_bits: after.entropyBits,
    })),
    masked_mass: constraint?.removedMass ?? 0,
    ...run.raw.beyond === undefined ? {} : { unlisted: describeUnlisted(run.raw, run.raw.beyond, shown) },
    ...run.off.length === 0 ? {} : { stages_off: run.off },
    ...constraintPartOf(run, constraint, acting, model),
  };
}

/** `shown`: the tokens that the answer lists. */
function describeUnlisted({ probs }: Dist, { count, mass, most }: Beyond, shown: Int32Array): Unlisted {
  const others = Float64Array.from(probs);
  for (const id of shown) others[id] = 0;
  const greatest = others.reduce((greatest, p) => Math.max(greatest, p), most);
  return { count, p_raw: mass, most_p_raw: most, most_other_p_raw: greatest };
}

function constraintPartOf(
  { context }: PipelineRun,
  stage: StageTrace | undefined,
  acting: Acting | null,
  model: LanguageModel,
): Pick<DistResult, "constraint"> {
  if (acting === null || stage === undefined) return {};
  return { constraint: constraintStateOf(acting.position, stage, Array.from(context.history), model) };
}

/** The tokens of a run with their places in the order. `ledger` adds p after each stage and what would bring a
 * removed token back (for the first few hundred). */
export function describeTokens(
  run: PipelineRun,
  ids: ArrayLike<number>,
  ranks: readonly number[],
  ledger: boolean,
  model: LanguageModel,
): DistToken[] {
  const list = Int32Array.from(ids);
  const explained = ledger ? MOST_RESTORES : 0;
  const first = ledgerOf(run, list.subarray(0, explained));
  const others = list.subarray(explained);
  const entries = others.length === 0 ? first : first.concat(ledgerOf(run, others, { changes: false }));
  return entries.map((entry, at): DistToken => {
    const gone = entry.logit === -Infinity ? 0 : run.stages.findIndex(({ name }) => name === entry.removedBy);
    const after = entry.stages.map((p, stage) => gone >= 0 && stage >= gone ? null : p);
    return {
      ...model.codec.single(entry.id),
      p_base: entry.pBase,
      p_final: entry.pFinal,
      p_raw: entry.pRaw,
      kept: entry.kept,
      valid: entry.valid,
      rank: ranks[at]!,
      logit: Number.isFinite(entry.logit) ? entry.logit : null,
      removed_by: entry.removedBy,
      stages: ledger ? after : [],
      restore: entry.change,
    };
  });
}

function listKept({ final }: PipelineRun, count: number, { codec }: LanguageModel): DistResult["kept_top"] {
  const best = Array.from(topIds(final.logits, Math.min(count, final.kept)));
  return best.map((id) => ({ ...codec.single(id), p_final: final.probs[id]! }));
}

/** Which model answers. */
export function identityOf({ modelKey, tokenizerKey }: LanguageModel): ModelIdentity {
  return { model_key: modelKey, tokenizer_key: tokenizerKey };
}

/** What answers say about the model. */
export function modelFactsOf(model: LanguageModel): ModelFacts {
  return {
    ...identityOf(model),
    model_id: model.id,
    device: model.device,
    dtype: model.arithmetic,
    has_chat_template: model.chat !== null,
    eos_token_id: model.eosTokenIds[0] ?? null,
    vocab_size: model.vocabSize,
    context_length: model.contextLength,
  };
}
