// A token of a text as it travels, and what comes with every answer: the model, what it cost. Types only.

/** One token of a path, ready to be shown. */
export interface Token {
  readonly id: number;
  /** Exact text. Bytes of an unfinished character belong to the token that completes it: the texts of a path
   * joined are its decoded text. */
  readonly text: string;
  /** `text` with whitespace made visible (␠ ⏎ ⇥ ∅), or the bytes in hexadecimal where there is no text. */
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
  /** Where the token begins in the decoded text of its path, in UTF-16 units. */
  readonly offset: number;
}

export interface Timing {
  readonly queued_ms: number;
  readonly prefill_ms: number;
  readonly decode_ms: number;
  readonly computed_tokens: number;
}

/** A turn of a conversation as the page has it. `more`: its other keys, which reach the chat template beside these two
 * (reasoning_content, tool_calls, name). */
export type Message = {
  readonly role: string;
  readonly content: string;
  readonly more?: JsonObject;
};

/** A JSON object; numbers that Python would read otherwise than JavaScript are bigint, or Number objects (floats that
 * are whole: 1.0). */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A turn as a request may have it: content is a text, parts, or missing; every key reaches the chat template. */
export type ChatMessage = JsonObject & { readonly role: string; readonly content?: unknown };

/** Which model an answer came from. Both keys are opaque. */
export interface ModelIdentity {
  /** Probabilities of two answers may be compared or kept together where it is the same. */
  readonly model_key: string;
  /** Token ids mean the same tokens where it is the same. */
  readonly tokenizer_key: string;
}

/** A request may name the model it is made for; where another one serves, it is refused with model_changed. */
export interface ForModel {
  readonly model_key?: string | null | undefined;
}

export interface ModelFacts extends ModelIdentity {
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

export type ScoredToken = Token & Partial<TokenScore>;
