// POST /api/preview: the distribution after a context, and the context itself. Types only.
import type { Params } from "../sampling/params.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { DistResult } from "./distribution.ts";
import type { ChatMessage, ForModel, JsonObject, ModelFacts, ScoredToken, Timing } from "./token.ts";

export type Include = "stages" | "bytes" | "prompt_scores" | "next";

/** What a request says about its context. Precedence: prompt_ids > messages > prompt. */
export interface ContextInput {
  readonly prompt: string;
  readonly system_prompt: string;
  readonly use_chat_template: boolean | null; // null: where the model has one
  readonly messages: readonly ChatMessage[] | null;
  readonly tools: readonly JsonObject[] | null;
  readonly documents: readonly JsonObject[] | null;
  readonly chat_template?: string | null | undefined; // the name of one of the model's
  readonly chat_template_kwargs: JsonObject; // more variables for the template
  readonly add_generation_prompt: boolean;
  readonly continue_final_message: boolean;
  readonly prompt_ids: readonly number[] | null;
  readonly completion_ids: readonly number[];
}

/** POST /api/preview after validation, every default filled in. */
export interface PreviewInput extends ForModel, ContextInput {
  readonly top_k: number; // how many tokens the answer lists
  readonly params: Params;
  readonly constraint: ConstraintInput;
  readonly include: readonly Include[];
  /** Asked beside the text: what the server computes ahead stays with the text that was asked about last. */
  readonly aside?: boolean;
}

export interface PreviewResult {
  readonly model: ModelFacts;
  readonly prompt_tokens: readonly ScoredToken[];
  readonly completion_tokens: readonly ScoredToken[];
  readonly context_token_count: number;
  readonly dist: DistResult;
  readonly template_text: string | null; // the rendered chat template
  readonly warnings: readonly string[];
  readonly mirostat_mu: number | null; // what the next request would send
  readonly timing: Timing;
}
