// The jobs behind the APIs of other servers (OpenAI's, llama.cpp's): a prompt as ids, the scores of its tokens, one
// drawn token, text and ids. Lean: no stages, no ledger. Types only.
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { Params } from "../sampling/params.ts";
import type { PreviewInput } from "./preview.ts";
import type { StopReason } from "./step.ts";
import type { ForModel, ModelFacts } from "./token.ts";

/** JSON as UTF-8, written where it was made. */
export type JsonBytes = Uint8Array<ArrayBuffer>;

/** A prompt: text, ids or a conversation, as a preview takes it. */
export type ReadPromptInput =
  & Omit<PreviewInput, "completion_ids" | "top_k" | "params" | "constraint" | "include">
  & {
    readonly texts: boolean;
    readonly add_special_tokens: boolean; // what the post-processor adds to a text
  };

export interface ReadPromptResult {
  readonly model: ModelFacts;
  readonly ids: readonly number[];
  /** How many of the first ids the tokenizer added (a BOS): no part of the text that was sent. */
  readonly added: number;
  readonly template_text: string | null; // what the chat template wrote
  /** With `texts`: of each id; joined they are the text that was sent, and those that were added have none. */
  readonly texts: readonly string[] | null;
}

/** Which log-probabilities come with a token. */
export interface LogprobsInput {
  readonly top: number; // how many most probable tokens are listed besides
  /** These are listed in their place. */
  readonly ids?: readonly number[];
  /** Of the model's own distribution, or of the one that was drawn from. */
  readonly of: "raw" | "final";
  /** How tokens are named in `top`: their text (`bytes:\xe2…` where they are none), or `token_id:123`. */
  readonly names: "text" | "id";
}

/** One token with its log-probabilities, in the two forms that clients read. */
export interface ScoredId {
  readonly id: number;
  readonly name: string; // as LogprobsInput.names says
  readonly bytes: readonly number[];
  readonly special: boolean;
  /** Natural; null where nothing comes before the token, or where no log-probabilities were asked for. */
  readonly logprob: number | null;
  /** {name: log-probability}: the most probable tokens and this one. */
  readonly top: JsonBytes | null;
  /** {id, token, bytes, logprob, top_logprobs}, with `final` {…, prob, top_probs}. */
  readonly entry: JsonBytes | null;
}

export interface ScoreTokensInput extends ForModel {
  readonly ids: readonly number[];
  readonly logprobs: LogprobsInput | null; // null: no log-probabilities, only the tokens
}

export interface ScoreTokensResult {
  readonly tokens: readonly ScoredId[];
  readonly computed_tokens: number;
}

/** The tokens of a prompt by id, as vLLM's `prompt_logprobs` has them. */
export interface PromptLogprobsInput extends ForModel {
  readonly ids: readonly number[];
  readonly top: number;
}

export interface PromptLogprobsResult {
  /** [null, {"12": {logprob, rank, decoded_token}}, …]: the most probable tokens in each place, and its own. */
  readonly json: JsonBytes;
}

export interface SampleInput extends ForModel {
  readonly prompt_ids: readonly number[];
  readonly completion_ids: readonly number[];
  readonly params: Params;
  readonly constraint: ConstraintInput;
  /** End-of-text tokens are not drawn. */
  readonly ban_end: boolean;
  /** Nor are these. */
  readonly banned_ids: readonly number[];
  /** Nothing but these is drawn; null: anything. */
  readonly allowed_ids: readonly number[] | null;
  /** Texts, none of them empty, at which repeats end for DRY, besides the tokens of `params`; absent: none. */
  readonly breaker_texts?: readonly string[] | undefined;
  readonly logprobs: LogprobsInput | null;
}

export interface SampleResult {
  readonly token: ScoredId | null; // null: there is no room, or the constraint's text is over
  readonly end: StopReason | null; // stop sequences are looked for where the text is made
  readonly mirostat_mu: number | null;
  readonly computed_tokens: number;
}

/** What clients of other servers ask about the tokenizer. */
export interface TokenizerInfo {
  readonly tokenizer_class: string | null;
  /** bos_token, eos_token and the others that the model names. */
  readonly tokens: Readonly<Record<string, string | readonly string[]>>;
  readonly chat_template: string | null;
}

/** Ids as text; special tokens are their strings. */
export interface DetokenizeInput extends ForModel {
  readonly ids: readonly number[];
}

/** Text as ids. */
export interface EncodeInput extends ForModel {
  readonly text: string;
  readonly parse_special: boolean; // special-token strings are special tokens
  readonly add_special: boolean; // what the tokenizer's post-processor adds
}
export interface EncodeResult {
  readonly ids: readonly number[];
}

/** The same, as llama.cpp's clients and vLLM's ask for it. */
export interface ClientTokensInput extends EncodeInput {
  readonly with_pieces: boolean;
  readonly return_token_strs: boolean;
}
export interface ClientTokensResult {
  readonly tokens: readonly (number | { readonly id: number; readonly piece: string | readonly number[] })[];
  readonly count: number;
  readonly max_model_len: number; // tokens
  readonly token_strs?: readonly string[]; // as LogprobsInput.names "text"
}
