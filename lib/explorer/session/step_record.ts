// Records of steps: what is kept of the distribution that a token was drawn from.
import type { Token } from "../../wire/token.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { ScoredToken } from "../../wire/token.ts";
import type { StepMeta } from "../../wire/step.ts";
import type { Params } from "../../sampling/params.ts";
import { isPartial } from "../words/spoken.ts";
import type { Answer, Origin, Settings, StepRecord } from "./types.ts";

/** A distribution without its ledger: what the bars need. */
function compactDist(dist: DistResult): DistResult {
  const bare = dist.tokens.every((token) => token.stages.length === 0 && token.restore === null);
  if (bare) return dist;
  return { ...dist, tokens: dist.tokens.map((token) => ({ ...token, stages: [], restore: null })) };
}

/** A token as it may be appended: one of the bars, or one that a search found. */
export type Choice = Token & Partial<Pick<DistToken, "p_final" | "p_raw" | "rank">>;

/** The token of an answer with this id; undefined where it is not shown. */
export function choiceOf(dist: DistResult, id: number): Choice | undefined {
  return dist.tokens.find((token) => token.id === id) ?? dist.kept_top.find((token) => token.id === id);
}

/** What the strip shows of a token until the server has seen it in its place. */
function provisionalTokenOf({ id, text, display, special, bytes }: Choice): Token {
  const token = { id, text, display, special, bytes, offset: 0 };
  return isPartial(token) ? { ...token, text: "" } : token;
}

function constraintOf(dist: DistResult, { constraint }: Settings): Pick<StepRecord, "constraint"> {
  return dist.constraint_active && constraint.enabled ? { constraint } : {};
}

/** The record of a token that a hand chose from an answer, before the server has confirmed it. */
export function recordChoice(
  choice: Choice,
  { dist, modelKey, settings }: Answer,
  origin: Origin,
): StepRecord {
  const { params } = settings;
  return {
    token: provisionalTokenOf(choice),
    origin,
    p: choice.p_final ?? 0,
    pRaw: choice.p_raw ?? null,
    rank: choice.rank ?? null,
    entropyBits: dist.entropy_final_bits,
    draw: null,
    dist: compactDist(dist),
    params,
    ...constraintOf(dist, settings),
    modelKey,
    mu: params.mirostat_tau > 0 ? params.mirostat_mu : null,
    end: false,
    confirmed: false,
  };
}

/** The record of a token that the server appended. */
export function recordStep(
  token: Token,
  meta: StepMeta,
  settings: Settings,
  more: Pick<StepRecord, "origin" | "mu" | "end" | "modelKey">,
): StepRecord {
  const listed = meta.dist.tokens.find(({ id }) => id === meta.selected_id);
  return {
    token,
    p: meta.p_final,
    pRaw: listed?.p_raw ?? meta.p_raw,
    rank: listed?.rank ?? meta.rank,
    entropyBits: meta.dist.entropy_final_bits,
    draw: meta.draw,
    dist: compactDist(meta.dist),
    params: settings.params,
    ...constraintOf(meta.dist, settings),
    confirmed: true,
    ...more,
  };
}

/** A token of which nothing is known but what it is; the answer to the question about its prompt fills in the rest. */
export function createUnreadRecord(token: Token, origin: Origin, params: Params): StepRecord {
  return {
    token: bareTokenOf(token),
    origin,
    p: 0,
    pRaw: null,
    rank: null,
    entropyBits: 0,
    draw: null,
    dist: null,
    params,
    modelKey: null,
    mu: null,
    end: false,
    confirmed: true,
  };
}

/** The record of a token that was kept behind another prompt: the model's own view of it there, without the
 * distribution. */
export function recordKept(scored: ScoredToken, old: StepRecord, { params }: Settings): StepRecord {
  const { constraint: _, ...kept } = old;
  return {
    ...kept,
    token: bareTokenOf(scored),
    p: scored.p ?? 0,
    pRaw: scored.p ?? null,
    rank: scored.rank ?? null,
    entropyBits: scored.entropy_bits ?? 0,
    draw: null,
    dist: null,
    params,
    modelKey: null,
    mu: null,
    confirmed: true,
  };
}

/** A token without what came with it. */
export function bareTokenOf({ id, text, display, special, bytes, offset }: Token): Token {
  return { id, text, display, special, bytes, offset };
}
