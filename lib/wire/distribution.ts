// A distribution as it travels: its tokens, and what every stage did to it. Types only.
import type { ConstraintType } from "../sampling/constraint_kinds.ts";
import type { ConstraintState } from "./constraint.ts";
import type { StageName } from "../sampling/params.ts";
import type { SettingChange } from "../sampling/smallest_change.ts";
import type { Token } from "./token.ts";

export interface DistToken extends Token {
  readonly p_base: number; // after penalties and temperature, before constraint and nucleus
  readonly p_final: number;
  readonly p_raw: number; // softmax of the logits as the model gave them
  readonly kept: boolean;
  readonly valid: boolean; // allowed by the constraint
  readonly rank: number; // 0-based, by p_base
  readonly logit: number | null; // null: -infinity
  readonly removed_by: StageName | null;
  readonly stages: readonly (number | null)[]; // p after each stage of `DistResult.stages`; null: removed
  /** The smallest change of one setting that would bring a removed token back. */
  readonly restore: SettingChange | null;
}

export interface StageSummary {
  readonly name: StageName;
  readonly kept: number; // tokens left
  readonly removed: number;
  readonly removed_mass: number;
  readonly entropy_bits: number; // after the stage
}

/** Tokens that an engine does not list. */
export interface Unlisted {
  readonly count: number;
  readonly p_raw: number; // together
  readonly most_p_raw: number; // no single one of them has more
  /** No token beyond `DistResult.tokens` has more, listed or not. */
  readonly most_other_p_raw: number;
}

export interface StageOff {
  readonly name: StageName;
  readonly reason: string; // a sentence
}

export interface DistResult {
  readonly top_k: number;
  readonly tokens: readonly DistToken[];
  readonly kept_top: readonly (Token & { readonly p_final: number })[];
  readonly other_p_base: number;
  readonly other_p_final: number;
  readonly other_p_raw: number;
  readonly kept_token_count: number;
  readonly constraint_active: boolean;
  readonly constraint_type: ConstraintType | null;
  readonly entropy_bits: number | null; // of the model's own distribution; null: some of it is not known
  readonly entropy_final_bits: number;
  readonly effective_choices: number; // 2 ^ entropy_final_bits
  readonly mass_90_count: number; // tokens, most probable first, that hold 90 % of p_final
  readonly eos_p: number; // p_final of all end-of-text tokens
  readonly stages: readonly StageSummary[];
  readonly masked_mass: number; // what the constraint takes away
  readonly constraint?: ConstraintState; // where one is active
  /** Tokens of which an engine tells nothing else; absent: every token is known. */
  readonly unlisted?: Unlisted | undefined;
  /** Stages that are set and cannot act, with the reason; absent: none. */
  readonly stages_off?: readonly StageOff[] | undefined;
}
