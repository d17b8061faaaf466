// The settings of a request as they travel (snake_case), their defaults, and the presets of the page.
import type { PenaltyScope } from "./context.ts";
import type { TopPRule } from "./stages/top_p.ts";

/** Every stage a request may order, in the default order; "dynatemp" stands in for "temperature" where it is on. */
export const DEFAULT_ORDER = [
  "logit_bias",
  "repetition",
  "presence",
  "frequency",
  "dry",
  "temperature",
  "constraint",
  "top_k",
  "top_p",
  "min_p",
  "typical_p",
  "epsilon",
  "eta",
  "top_n_sigma",
  "top_h",
  "xtc",
  "mirostat",
] as const;

/** A stage as `stages` of a request names it. */
export type OrderedStage = typeof DEFAULT_ORDER[number] | "dynatemp";
/** A stage as the ledger names it. */
export type StageName = OrderedStage | "greedy";

/** Ranges are checked where requests are parsed; the values noted here are the ones that switch a stage off. */
export interface Params {
  /** One-hot on the argmax after penalties and constraint, as temperature 0 is. */
  readonly greedy: boolean;
  readonly temperature: number; // 0: greedy; 1: as the model says
  readonly top_p: number; // 1
  readonly repetition_penalty: number; // 1
  readonly presence_penalty: number; // 0
  readonly frequency_penalty: number; // 0
  readonly seed: number | null; // a safe integer; null: u is random
  readonly stop_sequences: readonly string[];
  readonly logit_bias: Readonly<Record<string, number>>; // by token id
  readonly top_k: number; // 0
  readonly top_p_rule: TopPRule;
  readonly min_p: number; // 0
  readonly typical_p: number; // 1 (0 is off too)
  readonly epsilon_cutoff: number; // 0
  readonly eta_cutoff: number; // 0
  readonly top_n_sigma: number; // 0 or less
  readonly top_h: number; // 0
  readonly xtc_probability: number; // 0
  readonly xtc_threshold: number; // above 0.5
  readonly dry_multiplier: number; // 0
  readonly dry_base: number;
  readonly dry_allowed_length: number;
  readonly dry_last_n: number; // tokens looked at; 0 or less: the whole path
  readonly dry_breakers: readonly number[]; // token ids
  readonly dynatemp_range: number; // 0
  readonly dynatemp_exponent: number;
  readonly mirostat_tau: number; // 0
  readonly mirostat_eta: number;
  readonly mirostat_mu: number | null; // null: the first step, 2 * tau
  /** What repetition, presence and frequency count. */
  readonly penalty_scope: PenaltyScope;
  readonly penalty_last_n: number; // of that, the last tokens; 0 or less: all
  /** Stages that run, in order; those not named are off. null: all, in the default order. */
  readonly stages: readonly OrderedStage[] | null;
}

/** The API's defaults: the preset "balanced", everything else off. */
export const DEFAULT_PARAMS: Params = {
  greedy: false,
  temperature: 0.7,
  top_p: 0.8,
  repetition_penalty: 1.05,
  presence_penalty: 0,
  frequency_penalty: 0,
  seed: null,
  stop_sequences: [],
  logit_bias: {},
  top_k: 0,
  top_p_rule: "strict",
  min_p: 0,
  typical_p: 1,
  epsilon_cutoff: 0,
  eta_cutoff: 0,
  top_n_sigma: 0,
  top_h: 0,
  xtc_probability: 0,
  xtc_threshold: 0.1,
  dry_multiplier: 0,
  dry_base: 1.75,
  dry_allowed_length: 2,
  dry_last_n: 0,
  dry_breakers: [],
  dynatemp_range: 0,
  dynatemp_exponent: 1,
  mirostat_tau: 0,
  mirostat_eta: 0.1,
  mirostat_mu: null,
  penalty_scope: "all",
  penalty_last_n: 0,
  stages: null,
};

/** Params under which the distribution is the model's own: every stage off, temperature 1. */
export const NEUTRAL_PARAMS: Params = { ...DEFAULT_PARAMS, temperature: 1, top_p: 1, repetition_penalty: 1 };

/** The settings that a preset fixes. */
export type PresetValues = Pick<
  Params,
  "greedy" | "temperature" | "top_p" | "repetition_penalty" | "presence_penalty" | "frequency_penalty"
>;
export type PresetName = "greedy" | "reliable" | "balanced" | "creative";

/** The presets of the page; "custom" is what any change of a slider outside greedy switches to. */
export const PRESETS: Readonly<Record<PresetName, PresetValues>> = {
  greedy: preset(true, 1.0, 1.0, 1.0, 0, 0),
  reliable: preset(false, 0.25, 0.7, 1.1, 0, 0),
  balanced: preset(false, 0.7, 0.8, 1.05, 0, 0),
  creative: preset(false, 1.05, 0.95, 1.02, 0.2, 0.1),
};

/** The preset whose values these are, or "custom". */
export function presetOf(params: PresetValues): PresetName | "custom" {
  const names = Object.keys(PRESETS) as PresetName[];
  const keys = Object.keys(PRESETS.balanced) as (keyof PresetValues)[];
  return names.find((name) => keys.every((key) => PRESETS[name][key] === params[key])) ?? "custom";
}

function preset(
  greedy: boolean,
  temperature: number,
  top_p: number,
  repetition_penalty: number,
  presence_penalty: number,
  frequency_penalty: number,
): PresetValues {
  return { greedy, temperature, top_p, repetition_penalty, presence_penalty, frequency_penalty };
}
