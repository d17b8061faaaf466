// What any decoder-only language model looks like to the rest of the house. It knows no model: names, shapes and
// counts come from the session's own metadata and config.json.
import type { Device } from "../wire/device.ts";

/** What a run hands to the next one: the keys or values of a layer, or the state of a convolution or recurrence. */
export interface CacheSlot {
  readonly input: string; // fed with the past
  readonly output: string; // the past and what this run adds
  readonly type: "float32" | "float16";
  /** Sizes for one text; "tokens" is the axis that grows with them. A state of fixed size has none. */
  readonly dims: readonly (number | "tokens")[];
  readonly batchAxis: number; // its size counts once for each text of a batch
}

/** An input whose few whole numbers follow from what is fed: ids, mask, positions, count of logits (integers.ts). */
export interface IntegerInput {
  readonly name: string;
  readonly type: "int64" | "int32" | "bool" | "float32" | "float16"; // a mask may be one of floats
  readonly rank: number;
  readonly first: number; // the size of axis 0 where it is fixed, else 1
}

/** How a decoder-only language model is wired, found from metadata and config.json. */
export interface LmLayout {
  readonly inputIds: string;
  /** True where the graph takes one token in each run and no more. */
  readonly oneAtATime?: boolean;
  /** All integer inputs, that of the ids and that of how many logits to keep among them. Graphs without the latter
   * get one when they are cut at load. */
  readonly integers: readonly IntegerInput[];
  readonly logits: { readonly name: string; readonly type: "float32" | "float16" };
  readonly vocabSize: number; // width of a row of logits
  readonly slots: readonly CacheSlot[];
  /** True where the graph's attention accepts one fixed buffer as past and present (GroupQueryAttention). */
  readonly sharedBuffers: boolean;
}

/** Tokens of one run of a long text: others wait for as long as it takes. */
export const PIECE_TOKENS = 256;

/** Keys, values and states of `length` tokens, in the memory of the runner that made them. Opaque everywhere else. */
export interface Kv {
  readonly length: number; // tokens
}

/** What is asked of rows of logits: one token a row, and how many of the greatest logits. */
export interface RowQuestions {
  readonly targets: readonly number[]; // ids, [rows]
  readonly top: number;
}

/** What rows of logits say, [rows] each but where said; sums are over the vocabulary, with w = exp(logit - max). */
export interface ScoredRows {
  readonly own: Float64Array; // the logit of the row's target
  readonly max: Float64Array; // the greatest logit
  readonly sum: Float64Array; // of w
  readonly weighted: Float64Array; // of w (logit - max)
  readonly ranks: Int32Array; // how many logits are greater than the target's
  /** The greatest logits and their ids, falling, ties by rising id, [rows, top]. */
  readonly topLogits: Float64Array;
  readonly topIds: Int32Array;
  /** The last row as it is, [vocabSize]. */
  readonly last: Float32Array;
}

/** What a language model can do for us.
 *
 * Ownership: `run` and `truncate` consume the `Kv` they are given. When they succeed, the old handle is dead and
 * the returned one replaces it; when they fail, the old handle is still good at its old length. Keep the past as
 * well by `fork` before. Every live handle is released exactly once. Calls on one state never overlap, and of
 * those on one runner no more than `atOnce`.
 */
export interface LmRunner {
  readonly runtime: "native" | "addon";
  readonly device: Device;
  readonly vocabSize: number;
  /** False where a state cannot be cut back to an earlier token (convolutions, recurrences): an earlier state is a
   * fork that was kept, or is computed again. */
  readonly cuts: boolean;
  /** Runs, each of a state of its own, that may be pending at once: so many are the most in a second. */
  readonly atOnce: number;
  /** The most tokens that a run after `kv` should get, so that others have their turn soon. */
  pieceTokens(kv: Kv): number;
  /** A state of no tokens; `capacity` (tokens) is a hint for runners that allocate ahead. */
  empty(capacity?: number): Kv;
  /** Appends `ids` (1 or more) to `kv`. Logits: the last `logitsToKeep` positions (default 1; 0 = every position of
   * `ids`), row-major [logitsToKeep, vocabSize], float32 and owned by the caller. Rejects with an AbortError. */
  run(
    kv: Kv,
    ids: readonly number[],
    options?: { logitsToKeep?: number; signal?: AbortSignal | undefined },
  ): Promise<{ logits: Float32Array; kv: Kv }>;
  /** As `run`, but of the last `targets.length` positions only what they say of their targets comes back, which takes
   * no memory and little time a row. Absent where rows have to be looked at one by one. */
  readonly runScored?: (
    kv: Kv,
    ids: readonly number[],
    questions: RowQuestions,
    options?: { signal?: AbortSignal | undefined },
  ) => Promise<{ rows: ScoredRows; kv: Kv }>;
  /** The logits after each of `ids`, every one appended alone to `kv`; `kv` itself stays as it was. */
  lookahead(
    kv: Kv,
    ids: readonly number[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Float32Array[]>;
  /** An independent state of the same tokens; `kv` stays as it was. Cheap: what can be shared is, until they part. */
  fork(kv: Kv): Kv;
  /** The first `length` tokens of `kv`; room that was reserved for many more is given back. Throws a RangeError
   * where that is fewer tokens and {@link LmRunner.cuts} is false. */
  truncate(kv: Kv, length: number): Kv;
  /** Bytes of memory that this handle keeps alive. Handles share memory only where one's tokens are the beginning
   * of the other's; each then counts all of it. */
  bytes(kv: Kv): number;
  release(kv: Kv): void;
  dispose(): Promise<void>;
}
