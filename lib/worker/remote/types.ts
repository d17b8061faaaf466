// Another engine as this program needs it: the log-probabilities after a path of ids, of the whole vocabulary or of as
// many tokens as it lists.
import type { TextCodec } from "../../text/types.ts";

/** A token and its natural log-probability. */
export type Listed = readonly [id: number, logprob: number];

/** What an engine says of the token after a path. */
export interface EngineList {
  readonly tokens: readonly Listed[];
  /** ln p that no token beyond those can exceed; absent: the least that is listed. */
  readonly most?: number;
}

/** What an engine says of the tokens of a path. */
export interface PathList {
  /** ln p of each token; null for the first, and where the engine does not say. */
  readonly logprobs: readonly (number | null)[];
  /** 0-based; null where it is not known. */
  readonly ranks: readonly (number | null)[];
  /** The most probable tokens in each one's place; empty for the first. */
  readonly tops: readonly (readonly Listed[])[];
}

export interface RemoteEngine {
  /** As the engine calls it. */
  readonly model: string;
  readonly contextLength: number; // tokens
  readonly vocabSize: number; // ids
  /** Tokens that it lists; null: all. */
  readonly listed: number | null;
  /** After `ids` (1 or more); -Infinity where the engine says impossible. Throws faults: inference_failed,
   * model_changed where another model answers; rejects with an AbortError. */
  after(ids: readonly number[], signal: AbortSignal): Promise<EngineList>;
  /** The scores of a path in one request; null where the engine has none. Throws as `after` does. */
  path: ((ids: readonly number[], top: number, signal: AbortSignal) => Promise<PathList>) | null;
  /** The ids of a text without what a tokenizer adds; null where the engine does not say. */
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[] | null>;
}

/** What an engine is opened with. */
export interface Opening {
  readonly signal: AbortSignal;
  /** Our own tokenizer of a model that the engine serves. */
  tokenizer(model: string): Promise<TextCodec>;
}
