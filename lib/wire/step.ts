// POST /api/step: one token drawn or forced. Types only.
import type { DistResult } from "./distribution.ts";
import type { PreviewInput } from "./preview.ts";
import type { ModelFacts, Timing, Token } from "./token.ts";

export interface StepInput extends PreviewInput {
  readonly force_token_id: number | null;
  readonly force_text: string | null;
  readonly u: number | null; // 0..1; null: from the seed, or random
  readonly goes_on: boolean; // the step behind this one is asked for as soon as this one is answered
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
  readonly p_raw: number | null; // null: forced, and the engine does not list it
  readonly rank: number | null; // 0-based, by p_base
}

export interface StepResult {
  readonly model: ModelFacts;
  readonly dist: DistResult; // the distribution the (first) token came from
  readonly selected: (Token & { readonly p_final: number }) | null;
  readonly appended: readonly Token[];
  readonly appended_meta: readonly StepMeta[];
  readonly new_completion_ids: readonly number[];
  readonly done: boolean;
  readonly stop_reason: StopReason | null;
  readonly next: DistResult | null; // of the position after, when `include` has "next"
  readonly mirostat_mu: number | null;
  readonly warnings: readonly string[];
  readonly timing: Timing;
}
