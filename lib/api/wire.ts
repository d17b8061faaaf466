// The shapes that travel as JSON (../../README.md documents them, GET /api/openapi.json serves them). Types only,
// importable everywhere, the browser included.

/** One token of a path, ready to be shown. */
export interface Pill {
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

/** POST /api/next-token, after validation: exactly one of `text` and `ids` counts (`ids` wins). */
export interface NextTokenInput {
  readonly text: string | null;
  readonly ids: readonly number[] | null;
  readonly top_k: number;
  readonly temperature: number;
}

export interface Candidate {
  readonly token: string; // exact text, U+FFFD where the bytes alone are no text
  readonly prob: number; // rounded to 6 decimals
  readonly id: number;
  readonly logprob: number | null; // natural, unrounded; null = probability 0
  readonly bytes: readonly number[];
  readonly display: string;
  readonly special: boolean;
}

/** The answer of POST /api/next-token. */
export interface NextTokenResult {
  readonly candidates: readonly Candidate[];
  readonly sampled: string;
  readonly sampled_id: number;
  readonly warning: string | null;
  readonly inputs: readonly (number | "...")[];
  readonly logits: readonly (number | null | "...")[];
  readonly ids: readonly number[];
  readonly entropy_bits: number;
  readonly effective_choices: number; // 2 ^ entropy
  readonly mass_90_count: number; // tokens, most probable first, that hold 90 % of the probability
  readonly eos_prob: number;
  readonly eos: boolean; // the context already ends with an end-of-text token
  readonly other_prob: number;
  readonly vocab_size: number;
  readonly context_length: number;
  readonly model: string;
  readonly timing_ms: number;
  readonly timing: Timing;
}

export interface Timing {
  readonly queued_ms: number;
  readonly prefill_ms: number;
  readonly decode_ms: number;
  readonly computed_tokens: number;
}

/** GET /api/model/status and the data of GET /api/model/events. */
export interface ModelStatus {
  readonly model_id: string | null;
  readonly device: string | null;
  readonly dtype: string | null;
  readonly loading: boolean;
  readonly ready: boolean;
  readonly error: string | null;
  readonly has_chat_template: boolean;
  readonly eos_token_id: number | null;
  readonly vocab_size: number | null;
  readonly context_length: number | null;
  readonly quantization: string | null;
  readonly runtime: "native" | "addon" | null;
  readonly warning: string | null;
  /** What is being loaded; `model_id` is what serves meanwhile. */
  readonly loading_id: string | null;
  readonly load_error: string | null;
  readonly prefetch: { readonly hits: number; readonly wasted_tokens: number };
  readonly progress: {
    readonly phase: "resolving" | "downloading" | "verifying" | "opening";
    readonly file: string | null;
    readonly received: number;
    readonly total: number;
    readonly bytes_per_second: number;
  } | null;
  readonly cache: { readonly hits: number; readonly misses: number; readonly bytes: number };
}

/** GET /api/models. */
export interface ModelList {
  readonly models: readonly string[];
  readonly available: readonly {
    readonly id: string;
    readonly label: string;
    readonly parameters: number | null;
    readonly bytes: number;
    readonly dtype: string;
    readonly license: string | null;
    readonly cached: boolean;
    readonly bundled: boolean;
  }[];
  /** Where `id` was asked for: the files of that model. */
  readonly variants?: ModelVariantList | undefined;
}

/** Every file of a model that a load can ask for by its `dtype`. */
export interface ModelVariantList {
  readonly id: string;
  readonly source: string; // the repository that holds the files
  readonly license: string | null;
  readonly files: readonly {
    readonly file: string;
    readonly dtype: string;
    readonly bytes: number;
    readonly fidelity: string;
    readonly cached: boolean;
    readonly chosen: boolean;
    readonly fits: boolean | null;
  }[];
}

/** POST /api/model/load, after validation. */
export interface LoadInput {
  readonly model_id: string;
  readonly revision: string | null;
  readonly dtype: string | null;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda" | "coreml" | "dml" | "mps" | null;
}

/** Every error under /api. */
export interface ApiError {
  readonly error: string; // one sentence that says what to do
  readonly code: string;
  readonly field?: string;
}
