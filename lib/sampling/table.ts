// The table of sampling: every parameter, every stage, and every stage's formula. What is said here is said nowhere
// else: the type, the defaults, the schema of requests and its OpenAPI, the controls of the page, what is stored and
// shared, and whether a stage is on all come from it. A new parameter is a row; a new stage is a row, a formula and
// its file in stages/. The page's bundle drops the formulas, because nothing of the page names them.
import { countOccurrences, listOccurring, type StageContext } from "./context.ts";
import type { Dist } from "./dist.ts";
import type { Parameter, Stage, ValueOf } from "./parameter.ts";
import { constraint } from "./stages/constraint.ts";
import { dry } from "./stages/dry.ts";
import { dynatemp } from "./stages/dynatemp.ts";
import { epsilon, findLargestEpsilon } from "./stages/epsilon.ts";
import { eta, findLargestEta } from "./stages/eta.ts";
import { frequency } from "./stages/frequency.ts";
import { greedy } from "./stages/greedy.ts";
import { keepListed } from "./stages/listed.ts";
import { logitBias } from "./stages/logit_bias.ts";
import { findLargestMinP, minP } from "./stages/min_p.ts";
import { findLeastMu, mirostat, mirostatMu } from "./stages/mirostat.ts";
import { presence } from "./stages/presence.ts";
import { repetition } from "./stages/repetition.ts";
import { temperature } from "./stages/temperature.ts";
import { findLeastTopH, topH } from "./stages/top_h.ts";
import { findLeastTopK, topK } from "./stages/top_k.ts";
import { findLeastTopNSigma, topNSigma } from "./stages/top_n_sigma.ts";
import { findLeastTopP, topP } from "./stages/top_p.ts";
import { findLeastTypicalP, typical } from "./stages/typical.ts";
import { findLeastXtcThreshold, xtc } from "./stages/xtc.ts";

/** Every stage, in the default order. */
export const STAGES = {
  logit_bias: { label: "Logit bias", kind: "values", about: "Adds to the logits of the tokens below." },
  repetition: { label: "Repetition", kind: "values", common: true, effect: ["raised", "lowered"] },
  presence: { label: "Presence", kind: "values", effect: ["raised", "lowered"] },
  frequency: { label: "Frequency", kind: "values", effect: ["raised", "lowered"] },
  dry: { label: "DRY", kind: "values", effect: ["raised", "lowered"] },
  temperature: { label: "Temperature", kind: "values", common: true, effect: ["sharper", "flatter"] },
  dynatemp: { label: "Dynamic temperature", kind: "values", standsFor: "temperature" },
  constraint: {
    label: "Constraint",
    kind: "filter",
    about: "Blocks tokens that would break the rule. It cannot be left out.",
  },
  top_k: { label: "Top-k", kind: "filter", common: true },
  top_p: { label: "Top-p", kind: "filter", common: true },
  min_p: { label: "Min-p", kind: "filter", common: true },
  typical_p: { label: "Typical-p", kind: "filter", common: true },
  epsilon: { label: "Epsilon", kind: "filter" },
  eta: { label: "Eta", kind: "filter" },
  top_n_sigma: { label: "Top-nσ", kind: "filter" },
  top_h: { label: "Top-H", kind: "filter" },
  xtc: { label: "XTC", kind: "filter" },
  mirostat: { label: "Mirostat", kind: "filter" },
  greedy: { label: "Greedy", kind: "filter", last: true },
  listed: { label: "Listed", kind: "filter", last: true },
} as const satisfies Readonly<Record<string, Stage>>;

/** A stage as the ledger names it. */
export type StageName = keyof typeof STAGES;
/** A stage as `stages` of a request names it. */
export type OrderedStage = Exclude<StageName, "greedy" | "listed">;

const isAbove0 = (value: number) => value > 0;
const isNot0 = (value: number) => value !== 0;
const isNot1 = (value: number) => value !== 1;
const isBelow1 = (value: number) => value < 1;

/** What the page's boxes take where a request may name any number. */
const MANY = 1_000_000;

/** Every parameter of a request (`params`), by its name there, those that are read most first. */
export const PARAMETERS = {
  greedy: {
    kind: "boolean",
    default: false,
    label: "Greedy",
    about: "Only the most probable token stays, after penalties and constraint, as with temperature 0.",
  },
  temperature: {
    kind: "number",
    default: 0.7,
    off: 1,
    range: [-Infinity, 100],
    box: [0, 100],
    slider: [0, 2, 0.05],
    stage: "temperature",
    isOn: isNot1,
    threshold: { looser: 1, decimals: 2 },
    label: "Temperature",
    short: "temperature",
    about: "Divides the logits. Below 1 sharpens the bars, above 1 flattens them, 0 always takes the first.",
  },
  dynatemp_range: {
    kind: "number",
    default: 0,
    range: [0, 100],
    stage: "dynatemp",
    isOn: isAbove0,
    label: "Dynamic range",
    short: "dynamic range",
    about:
      "Temperature moves this far around its value: low where the model is sure, high where it is not. 0 is off.",
  },
  dynatemp_exponent: {
    kind: "number",
    default: 1,
    range: [0, 100],
    stage: "dynatemp",
    label: "Exponent",
    about: "How dynamic temperature follows the entropy.",
  },
  top_k: {
    kind: "integer",
    default: 0,
    range: [0, Infinity],
    box: [0, MANY],
    slider: [0, 100, 1],
    stage: "top_k",
    isOn: isAbove0,
    threshold: { looser: 1, decimals: 0 },
    label: "Top-k",
    short: "top-k",
    about: "Keeps the k most probable tokens. 0 is off.",
  },
  top_p: {
    kind: "number",
    default: 0.8,
    off: 1,
    range: [0, 1],
    slider: [0, 1, 0.01],
    stage: "top_p",
    isOn: isBelow1,
    threshold: { looser: 1, decimals: 2 },
    label: "Top-p",
    short: "top-p",
    about: "Keeps the most probable tokens up to a sum of p, and always the first. 1 is off.",
  },
  top_p_rule: {
    kind: "choice",
    default: "strict",
    options: [{ value: "strict", label: "Strict" }, { value: "at_least", label: "At least p" }],
    stage: "top_p",
    keptByPresets: true,
    label: "Top-p rule",
    about:
      "What happens to the token that crosses p: Transformers and llama.cpp keep it, the strict rule does not.",
  },
  min_p: {
    kind: "number",
    default: 0,
    range: [0, 1],
    slider: [0, 0.5, 0.01],
    stage: "min_p",
    isOn: isAbove0,
    threshold: { looser: -1, decimals: 2 },
    label: "Min-p",
    short: "min-p",
    about: "Removes tokens less probable than this share of the first bar. 0 is off.",
  },
  typical_p: {
    kind: "number",
    default: 1,
    range: [0, 1],
    slider: [0, 1, 0.01],
    stage: "typical_p",
    isOn: (value: number) => value > 0 && value < 1,
    threshold: { looser: 1, decimals: 2 },
    label: "Typical-p",
    short: "typical-p",
    about: "Keeps tokens whose surprise is close to the entropy. 1 is off.",
  },
  repetition_penalty: {
    kind: "number",
    default: 1.05,
    off: 1,
    range: [0.01, 100],
    slider: [1, 2, 0.01],
    stage: "repetition",
    isOn: isNot1,
    label: "Repetition",
    short: "repetition",
    about: "Lowers tokens already in the text. 1 is off.",
  },
  penalty_scope: {
    kind: "choice",
    default: "all",
    options: [{ value: "all", label: "Prompt and new" }, { value: "completion", label: "New tokens" }],
    stage: "repetition",
    keptByPresets: true,
    label: "Penalties count",
    about: "Which part of the text repetition, presence and frequency look at.",
  },
  penalty_last_n: {
    kind: "integer",
    default: 0,
    range: [-1, Infinity],
    box: [0, MANY],
    stage: "repetition",
    keptByPresets: true,
    label: "Last tokens",
    about: "Penalties look at that many last tokens. 0 is all.",
  },
  presence_penalty: {
    kind: "number",
    default: 0,
    range: [-100, 100],
    slider: [-2, 2, 0.05],
    stage: "presence",
    isOn: isNot0,
    label: "Presence",
    short: "presence",
    about: "A flat cost for every token already in the text. 0 is off.",
  },
  frequency_penalty: {
    kind: "number",
    default: 0,
    range: [-100, 100],
    slider: [-2, 2, 0.05],
    stage: "frequency",
    isOn: isNot0,
    label: "Frequency",
    short: "frequency",
    about: "A cost for every time a token is already in the text. 0 is off.",
  },
  dry_multiplier: {
    kind: "number",
    default: 0,
    range: [-100, 100],
    slider: [0, 5, 0.05],
    stage: "dry",
    isOn: isNot0,
    label: "DRY multiplier",
    short: "DRY",
    about: "Lowers tokens that would go on with a repeated passage. 0 is off.",
  },
  dry_base: {
    kind: "number",
    default: 1.75,
    range: [0, 100],
    stage: "dry",
    label: "DRY base",
    about: "Each further repeated token multiplies the cost by this.",
  },
  dry_allowed_length: {
    kind: "integer",
    default: 2,
    range: [0, Infinity],
    box: [0, MANY],
    stage: "dry",
    label: "Free length",
    about: "Repeats up to this length cost nothing.",
  },
  dry_last_n: {
    kind: "integer",
    default: 0,
    range: [-1, Infinity],
    box: [0, MANY],
    stage: "dry",
    label: "Last tokens",
    about: "DRY looks at that many last tokens. 0 is all.",
  },
  dry_breakers: {
    kind: "ids",
    default: [],
    stage: "dry",
    keptByPresets: true,
    label: "Sequence breakers",
    about: "No repeat reaches over these tokens, and DRY never lowers them.",
  },
  epsilon_cutoff: {
    kind: "number",
    default: 0,
    range: [0, 1],
    slider: [0, 0.02, 0.0005],
    stage: "epsilon",
    isOn: isAbove0,
    threshold: { looser: -1, decimals: 4 },
    label: "Epsilon",
    short: "epsilon",
    about: "Removes tokens less probable than this. 0 is off.",
  },
  eta_cutoff: {
    kind: "number",
    default: 0,
    range: [0, 1],
    slider: [0, 0.02, 0.0005],
    stage: "eta",
    isOn: isAbove0,
    threshold: { looser: -1, decimals: 4 },
    label: "Eta",
    short: "eta",
    about: "As epsilon, with a lower limit where the choice is open. 0 is off.",
  },
  top_n_sigma: {
    kind: "number",
    default: 0,
    range: [-1, 1000],
    box: [0, 1000],
    slider: [0, 5, 0.1],
    stage: "top_n_sigma",
    isOn: isAbove0,
    threshold: { looser: 1, decimals: 1 },
    label: "Top-nσ",
    short: "top-nσ",
    about: "Keeps tokens whose logit is within n standard deviations of the largest. 0 is off.",
  },
  top_h: {
    kind: "number",
    default: 0,
    range: [0, 1],
    slider: [0, 1, 0.01],
    stage: "top_h",
    isOn: isAbove0,
    threshold: { looser: 1, decimals: 2 },
    label: "Top-H",
    short: "top-H",
    about: "Keeps first tokens up to this share of the entropy. 0 is off.",
  },
  xtc_probability: {
    kind: "number",
    default: 0,
    range: [0, 1],
    slider: [0, 1, 0.05],
    stage: "xtc",
    isOn: isAbove0,
    label: "XTC probability",
    short: "XTC",
    about:
      "How often the most probable choices are left out, down to the last above the threshold. 0 is off.",
  },
  xtc_threshold: {
    kind: "number",
    default: 0.1,
    range: [0, 1],
    stage: "xtc",
    isOn: (value: number) => value <= 0.5,
    threshold: { looser: 1, decimals: 2, off: 1 },
    label: "XTC threshold",
    short: "XTC threshold",
    about: "What counts as a probable choice. Above 0.5 is off.",
  },
  mirostat_tau: {
    kind: "number",
    default: 0,
    range: [0, 1000],
    slider: [0, 10, 0.1],
    stage: "mirostat",
    isOn: isAbove0,
    label: "Mirostat τ",
    short: "mirostat",
    about: "Steers the surprise towards τ bits, step by step. 0 is off.",
  },
  mirostat_eta: {
    kind: "number",
    default: 0.1,
    range: [0, 1000],
    stage: "mirostat",
    label: "Learning rate",
    about: "How fast mirostat corrects itself after a token.",
  },
  mirostat_mu: {
    kind: "number",
    default: null,
    orNull: "2 τ, as at the first step",
    range: [-1e6, 1e6],
    stage: "mirostat",
    threshold: { looser: 1, decimals: 1 }, // no value of it is off
    label: "Mirostat μ",
    short: "mirostat μ",
    about: "The limit of the surprise, as the last step returned it.",
  },
  logit_bias: {
    kind: "biases",
    default: {},
    range: [-10_000, 10_000],
    stage: "logit_bias",
    isOn: (biases) => Object.keys(biases).length > 0,
    keptByPresets: true,
    label: "Logit bias",
    about: "Adds to the logits of tokens, by token id.",
  },
  seed: {
    kind: "integer",
    default: null,
    orNull: "every draw is random",
    nullAs: -1, // as in llama.cpp
    range: [-Infinity, Infinity],
    keptByPresets: true,
    label: "Seed",
    short: "seed",
    about: "The same seed gives the same draw at the same position.",
  },
  stop_sequences: {
    kind: "texts",
    default: [],
    most: 64,
    keptByPresets: true,
    label: "Stop sequences",
    about: "The text ends where one of these appears; an empty one counts for nothing.",
  },
  stages: {
    kind: "stages",
    default: null,
    orNull: "all, in the default order",
    keptByPresets: true,
    label: "Order of the stages",
    about: "The stages that run, in order; those that are not named are off.",
  },
} as const satisfies Readonly<Record<string, Parameter<StageName>>>;

export type ParamName = keyof typeof PARAMETERS;

/** The settings of a request as they travel, by the names of the table. */
export type Params = {
  readonly [Name in ParamName]: ValueOf<typeof PARAMETERS[Name], OrderedStage>;
};

/** The parameters that have a threshold. */
type ThresholdParam = {
  [Name in ParamName]: typeof PARAMETERS[Name] extends { threshold: object } ? Name : never;
}[ParamName];

/** What a stage computes. Its part of the ledger is in pipeline.ts. */
interface Formula {
  apply(dist: Dist, params: Params, context: StageContext): Dist;
  /** It looks at token ids, not only at logits. */
  readonly readsIds?: true;
  /** Whether a stage of kind "values" may leave the best token alone under these settings; by default it never does. */
  mayRemove?(params: Params): boolean;
  readonly threshold?: ThresholdFormula;
}

/** Which value of one parameter keeps a token that a filter removes. */
export interface ThresholdFormula {
  readonly param: ThresholdParam;
  /** The more probable a removed token, the less change it takes to keep it. */
  readonly byProbability: boolean;
  /** For each id (of tokens the stage removed from `dist`) the value nearest to the present one that keeps it;
   * Infinity where only switching the stage off does. */
  valuesThatKeep(dist: Dist, ids: Int32Array, params: Params): Float64Array;
}

const countPenalised = (params: Params, context: StageContext) =>
  countOccurrences(context, params.penalty_scope, params.penalty_last_n);

/** What every stage computes. */
export const FORMULAS: Readonly<Record<StageName, Formula>> = {
  logit_bias: {
    readsIds: true,
    apply: (dist, params) =>
      logitBias(dist, new Map(Object.entries(params.logit_bias).map(([id, bias]) => [Number(id), bias]))),
  },
  repetition: {
    readsIds: true,
    apply: (dist, params, context) =>
      repetition(
        dist,
        listOccurring(context, params.penalty_scope, params.penalty_last_n),
        params.repetition_penalty,
      ),
  },
  presence: {
    readsIds: true,
    apply: (dist, params, context) =>
      presence(dist, countPenalised(params, context), params.presence_penalty),
  },
  frequency: {
    readsIds: true,
    apply: (dist, params, context) =>
      frequency(dist, countPenalised(params, context), params.frequency_penalty),
  },
  dry: {
    readsIds: true,
    apply: (dist, params, context) =>
      dry(dist, context.history, {
        multiplier: params.dry_multiplier,
        base: params.dry_base,
        allowedLength: params.dry_allowed_length,
        lastN: params.dry_last_n,
        breakers: params.dry_breakers,
        textBreaks: context.textBreaks ?? null,
      }),
  },
  temperature: { apply: (dist, params) => temperature(dist, params.temperature) },
  dynatemp: {
    mayRemove: (params) => params.temperature <= params.dynatemp_range, // its lowest temperature is 0
    apply: (dist, params, context) =>
      dynatemp(dist, params.temperature, params.dynatemp_range, params.dynatemp_exponent, context.vocabulary),
  },
  constraint: {
    readsIds: true,
    apply: (dist, _params, { mask }) => mask === null ? dist : constraint(dist, mask),
  },
  top_k: {
    apply: (dist, params) => topK(dist, params.top_k),
    threshold: { param: "top_k", byProbability: true, valuesThatKeep: findLeastTopK },
  },
  top_p: {
    apply: (dist, params) => topP(dist, params.top_p, params.top_p_rule),
    threshold: {
      param: "top_p",
      byProbability: true,
      valuesThatKeep: (dist, ids, params) => findLeastTopP(dist, ids, params.top_p_rule),
    },
  },
  min_p: {
    apply: (dist, params) => minP(dist, params.min_p),
    threshold: { param: "min_p", byProbability: true, valuesThatKeep: findLargestMinP },
  },
  typical_p: {
    apply: (dist, params) => typical(dist, params.typical_p),
    threshold: { param: "typical_p", byProbability: false, valuesThatKeep: findLeastTypicalP },
  },
  epsilon: {
    apply: (dist, params) => epsilon(dist, params.epsilon_cutoff),
    threshold: { param: "epsilon_cutoff", byProbability: true, valuesThatKeep: findLargestEpsilon },
  },
  eta: {
    apply: (dist, params) => eta(dist, params.eta_cutoff),
    threshold: { param: "eta_cutoff", byProbability: true, valuesThatKeep: findLargestEta },
  },
  top_n_sigma: {
    apply: (dist, params) => topNSigma(dist, params.top_n_sigma),
    threshold: { param: "top_n_sigma", byProbability: true, valuesThatKeep: findLeastTopNSigma },
  },
  top_h: {
    apply: (dist, params) => topH(dist, params.top_h),
    threshold: { param: "top_h", byProbability: true, valuesThatKeep: findLeastTopH },
  },
  xtc: {
    apply: (dist, params, context) => xtc(dist, params.xtc_probability, params.xtc_threshold, context.xtcU),
    threshold: {
      param: "xtc_threshold",
      byProbability: false,
      valuesThatKeep: (dist, ids, params) => findLeastXtcThreshold(dist, ids, params.xtc_threshold),
    },
  },
  mirostat: {
    apply: (dist, params) => mirostat(dist, mirostatMu(params)),
    threshold: { param: "mirostat_mu", byProbability: true, valuesThatKeep: findLeastMu },
  },
  greedy: { apply: (dist) => greedy(dist) },
  listed: { apply: (dist) => keepListed(dist) },
};
