// Another engine as this program needs it: the log-probabilities of the whole vocabulary after a path of ids.

export interface RemoteEngine {
  /** As the engine calls it. */
  readonly model: string;
  readonly contextLength: number; // tokens
  readonly vocabSize: number; // ids that the engine has a log-probability for
  /** ln p of every token after `ids` (1 or more), [vocabSize]; -Infinity where the engine says impossible. Throws
   * faults: inference_failed, model_changed where another model answers; rejects with an AbortError. */
  logprobsAfter(ids: readonly number[], signal: AbortSignal): Promise<Float32Array>;
  /** The ids of a text without what a tokenizer adds; null where the engine does not say. */
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[] | null>;
}
