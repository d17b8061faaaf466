// Every stage behind one shape: when it is on, what it does, and what its setting would have to be to keep a token.
import { occurrences, type StageContext } from "./context.ts";
import type { Dist } from "./dist.ts";
import type { Params, StageName } from "./params.ts";
import { constraint } from "./stages/constraint.ts";
import { dry } from "./stages/dry.ts";
import { dynatemp } from "./stages/dynatemp.ts";
import { epsilon, epsilonNeeds } from "./stages/epsilon.ts";
import { eta, etaNeeds } from "./stages/eta.ts";
import { frequency } from "./stages/frequency.ts";
import { greedy } from "./stages/greedy.ts";
import { logitBias } from "./stages/logit_bias.ts";
import { minP, minPNeeds } from "./stages/min_p.ts";
import { mirostat, mirostatNeeds } from "./stages/mirostat.ts";
import { presence } from "./stages/presence.ts";
import { repetition } from "./stages/repetition.ts";
import { temperature } from "./stages/temperature.ts";
import { topH, topHNeeds } from "./stages/top_h.ts";
import { topK, topKNeeds } from "./stages/top_k.ts";
import { topNSigma, topNSigmaNeeds } from "./stages/top_n_sigma.ts";
import { topP, topPNeeds } from "./stages/top_p.ts";
import { typical, typicalNeeds } from "./stages/typical.ts";
import { xtc, xtcNeeds } from "./stages/xtc.ts";

/** The setting of a filter that lets more tokens through when it moves one way. */
export interface Knob {
  readonly param: keyof Params;
  /** 1: larger values keep more; -1: smaller ones do. */
  readonly looser: 1 | -1;
  /** The value that switches the stage off, where only that keeps a token (its need is Infinity). */
  readonly off: number;
  /** The more probable a removed token, the less change it needs. */
  readonly byProbability: boolean;
  /** For each id (of tokens the stage removed from `dist`) the value nearest to the present one that keeps it. */
  needs(dist: Dist, ids: Int32Array, params: Params): Float64Array;
}

export interface Stage {
  /** "values": gives tokens new logits and removes none; "filter": removes tokens and scales the rest. */
  readonly kind: "values" | "filter";
  /** Whether a stage of kind "values" may leave the best token alone under these settings; by default it never does. */
  mayRemove?(params: Params): boolean;
  active(params: Params, context: StageContext): boolean;
  apply(dist: Dist, params: Params, context: StageContext): Dist;
  readonly knob?: Knob;
}

const counted = (params: Params, context: StageContext) =>
  occurrences(context, params.penalty_scope, params.penalty_last_n);

/** The mu that the cut of mirostat uses. */
export function mirostatMu(params: Params): number {
  return params.mirostat_mu ?? 2 * params.mirostat_tau;
}

const VALUES: Readonly<Record<string, Stage>> = {
  logit_bias: {
    kind: "values",
    active: (params) => Object.keys(params.logit_bias).length > 0,
    apply: (dist, params) =>
      logitBias(dist, new Map(Object.entries(params.logit_bias).map(([id, bias]) => [Number(id), bias]))),
  },
  repetition: {
    kind: "values",
    active: (params) => params.repetition_penalty !== 1,
    apply: (dist, params, context) => repetition(dist, counted(params, context), params.repetition_penalty),
  },
  presence: {
    kind: "values",
    active: (params) => params.presence_penalty !== 0,
    apply: (dist, params, context) => presence(dist, counted(params, context), params.presence_penalty),
  },
  frequency: {
    kind: "values",
    active: (params) => params.frequency_penalty !== 0,
    apply: (dist, params, context) => frequency(dist, counted(params, context), params.frequency_penalty),
  },
  dry: {
    kind: "values",
    active: (params) => params.dry_multiplier !== 0,
    apply: (dist, params, context) =>
      dry(dist, context.history, {
        multiplier: params.dry_multiplier,
        base: params.dry_base,
        allowedLength: params.dry_allowed_length,
        lastN: params.dry_last_n,
        breakers: params.dry_breakers,
      }),
  },
  temperature: {
    kind: "values",
    active: (params) => params.temperature > 0 && params.temperature !== 1,
    apply: (dist, params) => temperature(dist, params.temperature),
  },
  dynatemp: {
    kind: "values",
    mayRemove: (params) => params.temperature <= params.dynatemp_range, // its lowest temperature is 0
    active: (params) => params.temperature > 0,
    apply: (dist, params, context) =>
      dynatemp(dist, params.temperature, params.dynatemp_range, params.dynatemp_exponent, context.vocabulary),
  },
};

const FILTERS: Readonly<Record<string, Stage>> = {
  constraint: {
    kind: "filter",
    active: (_params, context) => context.mask !== null,
    apply: (dist, _params, { mask }) => mask === null ? dist : constraint(dist, mask),
  },
  greedy: { kind: "filter", active: isGreedy, apply: (dist) => greedy(dist) },
  top_k: {
    kind: "filter",
    active: (params) => params.top_k > 0,
    apply: (dist, params) => topK(dist, params.top_k),
    knob: { param: "top_k", looser: 1, byProbability: true, off: 0, needs: topKNeeds },
  },
  top_p: {
    kind: "filter",
    active: (params) => params.top_p < 1,
    apply: (dist, params) => topP(dist, params.top_p, params.top_p_rule),
    knob: {
      param: "top_p",
      looser: 1,
      byProbability: true,
      off: 1,
      needs: (dist, ids, params) => topPNeeds(dist, ids, params.top_p_rule),
    },
  },
  min_p: {
    kind: "filter",
    active: (params) => params.min_p > 0,
    apply: (dist, params) => minP(dist, params.min_p),
    knob: { param: "min_p", looser: -1, byProbability: true, off: 0, needs: minPNeeds },
  },
  typical_p: {
    kind: "filter",
    active: (params) => params.typical_p > 0 && params.typical_p < 1,
    apply: (dist, params) => typical(dist, params.typical_p),
    knob: { param: "typical_p", looser: 1, byProbability: false, off: 1, needs: typicalNeeds },
  },
  epsilon: {
    kind: "filter",
    active: (params) => params.epsilon_cutoff > 0,
    apply: (dist, params) => epsilon(dist, params.epsilon_cutoff),
    knob: { param: "epsilon_cutoff", looser: -1, byProbability: true, off: 0, needs: epsilonNeeds },
  },
  eta: {
    kind: "filter",
    active: (params) => params.eta_cutoff > 0,
    apply: (dist, params) => eta(dist, params.eta_cutoff),
    knob: { param: "eta_cutoff", looser: -1, byProbability: true, off: 0, needs: etaNeeds },
  },
  top_n_sigma: {
    kind: "filter",
    active: (params) => params.top_n_sigma > 0,
    apply: (dist, params) => topNSigma(dist, params.top_n_sigma),
    knob: { param: "top_n_sigma", looser: 1, byProbability: true, off: 0, needs: topNSigmaNeeds },
  },
  top_h: {
    kind: "filter",
    active: (params) => params.top_h > 0,
    apply: (dist, params) => topH(dist, params.top_h),
    knob: { param: "top_h", looser: 1, byProbability: true, off: 0, needs: topHNeeds },
  },
  xtc: {
    kind: "filter",
    active: (params) => params.xtc_probability > 0 && params.xtc_threshold <= 0.5,
    apply: (dist, params, context) => xtc(dist, params.xtc_probability, params.xtc_threshold, context.xtcU),
    knob: {
      param: "xtc_threshold",
      looser: 1,
      byProbability: false,
      off: 1,
      needs: (dist, ids, params) => xtcNeeds(dist, ids, params.xtc_threshold),
    },
  },
  mirostat: {
    kind: "filter",
    active: (params) => params.mirostat_tau > 0,
    apply: (dist, params) => mirostat(dist, mirostatMu(params)),
    knob: { param: "mirostat_mu", looser: 1, byProbability: true, off: Infinity, needs: mirostatNeeds },
  },
};

/** All stages by name. */
export const STAGES = { ...VALUES, ...FILTERS } as Readonly<Record<StageName, Stage>>;

/** One-hot on the argmax is asked for. */
export function isGreedy(params: Params): boolean {
  return params.greedy || !(params.temperature > 0);
}
