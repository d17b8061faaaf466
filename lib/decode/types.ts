// What lib/decode asks of a model: text, limits, and logits that may take several slices.
import type { JobProgress } from "../inference/types.ts";
import type { TextCodec } from "../text/types.ts";

/** The logits after a path, and what they cost. */
export interface LogitsAnswer {
  /** [vocabSize], shared with the cache: read only. */
  readonly logits: Float32Array;
  readonly computedTokens: number; // 0 = the distribution was still known
  readonly prefillMs: number; // time in runs of several tokens
  readonly decodeMs: number; // time in runs of one token
}

/** Yields after every chunk of a long computation, returns when it is done. */
export type Sliced<T> = AsyncGenerator<JobProgress, T, void>;

export interface LanguageModel {
  readonly id: string;
  readonly codec: TextCodec;
  readonly vocabSize: number;
  readonly contextLength: number; // tokens
  readonly eosTokenIds: readonly number[];
  logits(ids: readonly number[], signal: AbortSignal): Sliced<LogitsAnswer>;
}
