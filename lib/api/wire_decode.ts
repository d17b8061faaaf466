// The shapes of /api/preview, /api/step, /api/generate, /api/vocabulary and /api/tokenize. Types only.
import type { Params, StageName } from "../sampling/params.ts";
import type { Pill, Timing } from "./wire.ts";

export interface Message {
  readonly role: string;
  readonly content: string;
}

export type ConstraintType = "multiple_choice" | "regex" | "cfg" | "json_schema";

export interface ConstraintInput {
  readonly enabled: boolean;
  readonly type: ConstraintType;
  readonly schema: string;
}

export type Include = "stages" | "bytes" | "prompt_scores" | "next";

/** POST /api/preview after validation, every default filled in. Precedence: prompt_ids > messages > prompt. */
export interface PreviewInput {
  readonly prompt: string;
  readonly system_prompt: string;
  readonly use_chat_template: boolean | null; // null: where the model has one
  readonly messages: readonly Message[] | null;
  readonly add_generation_prompt: boolean;
  readonly continue_final_message: boolean;
  readonly prompt_ids: readonly number[] | null;
  readonly completion_ids: readonly number[];
  readonly top_k: number; // how many tokens the answer lists
  readonly params: Params;
  readonly constraint: ConstraintInput;
  readonly include: readonly Include[];
}

export interface ModelFacts {
  readonly model_id: string;
  readonly device: string;
  readonly dtype: string;
  readonly has_chat_template: boolean;
  readonly eos_token_id: number | null;
  readonly vocab_size: number;
  readonly context_length: number;
}

/** What the model thought of a token of the path when it read it; absent without prompt_scores. */
export interface TokenScore {
  readonly p: number | null; // null: the first token, nothing comes before it
  readonly logprob: number | null; // natural
  readonly rank: number | null; // 0 = the most probable
  readonly surprisal_bits: number | null;
  readonly entropy_bits: number | null; // of the distribution it was drawn from
}

export type ScoredPill = Pill & Partial<TokenScore>;

/** The smallest change of one setting that would bring a removed token back. */
export interface Restore {
  readonly param: string;
  readonly value: number | boolean;
}

export interface DistToken extends Pill {
  readonly p_base: number; // after penalties and temperature, before constraint and nucleus
  readonly p_final: number;
  readonly p_raw: number; // softmax of the logits as the model gave them
  readonly kept: boolean;
  readonly valid: boolean; // allowed by the constraint
  readonly rank: number; // 0-based, by p_base
  readonly logit: number | null; // null: -infinity
  readonly removed_by: StageName | null;
  readonly stages: readonly (number | null)[]; // p after each stage of `DistResult.stages`; null: removed
  readonly restore: Restore | null;
}

export interface StageSummary {
  readonly name: StageName;
  readonly kept: number; // tokens left
  readonly removed: number;
  readonly removed_mass: number;
  readonly entropy_bits: number; // after the stage
}

export interface DistResult {
  readonly top_k: number;
  readonly tokens: readonly DistToken[];
  readonly kept_top: readonly (Pill & { readonly p_final: number })[];
  readonly other_p_base: number;
  readonly other_p_final: number;
  readonly other_p_raw: number;
  readonly kept_token_count: number;
  readonly constraint_active: boolean;
  readonly constraint_type: ConstraintType | null;
  readonly entropy_bits: number; // of the model's own distribution
  readonly entropy_final_bits: number;
  readonly effective_choices: number; // 2 ^ entropy_final_bits
  readonly mass_90_count: number; // tokens, most probable first, that hold 90 % of p_final
  readonly eos_p: number; // p_final of all end-of-text tokens
  readonly stages: readonly StageSummary[];
  readonly masked_mass: number; // what the constraint takes away
}

export interface PreviewResult {
  readonly model: ModelFacts;
  readonly prompt_tokens: readonly ScoredPill[];
  readonly completion_tokens: readonly ScoredPill[];
  readonly context_token_count: number;
  readonly dist: DistResult;
  readonly template_text: string | null; // the rendered chat template
  readonly warnings: readonly string[];
  readonly mirostat_mu: number | null; // what the next request would send
  readonly timing: Timing;
}

export interface StepInput extends PreviewInput {
  readonly force_token_id: number | null;
  readonly force_text: string | null;
  readonly u: number | null; // 0..1; null: from the seed, or random
}

export interface Draw {
  readonly seed: number | null;
  readonly position: number; // ids before the drawn token
  readonly u: number;
}

export type StopReason = "eos_token" | "stop_sequence" | "context_full" | "constraint_end" | "max_tokens";

export interface StepMeta {
  readonly dist: DistResult;
  readonly selected_id: number;
  readonly forced: boolean;
  readonly forced_by: "token" | "text" | null;
  readonly draw: Draw | null;
  // Of the selected token, which need not be among those that `dist` lists:
  readonly p_final: number;
  readonly p_raw: number;
  readonly rank: number; // 0-based, by p_base
}

export interface StepResult {
  readonly model: ModelFacts;
  readonly dist: DistResult; // the distribution the (first) token came from
  readonly selected: (Pill & { readonly p_final: number }) | null;
  readonly appended: readonly Pill[];
  readonly appended_meta: readonly StepMeta[];
  readonly new_completion_ids: readonly number[];
  readonly done: boolean;
  readonly stop_reason: StopReason | null;
  readonly next: DistResult | null; // of the position after, when `include` has "next"
  readonly mirostat_mu: number | null;
  readonly warnings: readonly string[];
  readonly timing: Timing;
}

export interface GenerateInput extends StepInput {
  readonly max_tokens: number;
  readonly stream: boolean;
}

/** The data of the event `done` of a streamed generation. */
export interface GenerateSummary {
  readonly model: ModelFacts;
  readonly new_completion_ids: readonly number[];
  readonly text: string; // of the appended tokens; U+FFFD for bytes that are no text
  readonly appended_count: number;
  readonly done: boolean;
  readonly stop_reason: StopReason;
  readonly mirostat_mu: number | null;
  readonly timing: Timing; // of all steps together
}

/** The answer where `stream` is false. */
export interface GenerateResult extends GenerateSummary {
  readonly steps: readonly StepResult[];
}

export interface VocabularyInput extends PreviewInput {
  readonly query: string;
  readonly mode: "text" | "bytes" | "id" | "regex";
  readonly offset: number;
  readonly limit: number;
}

export interface VocabularyResult {
  readonly tokens: readonly DistToken[];
  readonly total: number; // tokens that match
  readonly offset: number;
  readonly vocab_size: number;
  readonly timing: Timing;
}

export interface TokenizeInput {
  readonly text: string;
}

export interface TokenizeResult {
  readonly tokens: readonly Pill[];
}
