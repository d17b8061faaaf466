// What any decoder-only language model looks like to the rest of the house. It knows no model: names, shapes and
// counts come from the session's own metadata and config.json.
import type { Device } from "../wire/device.ts";

/** One key or value cache tensor of a language model: [batch, kvHeads, past, headDim]. */
export interface CacheSlot {
  readonly input: string; // fed with the past
  readonly output: string; // the past and what this run adds
  readonly kvHeads: number;
  readonly headDim: number;
}

/** How a decoder-only language model is wired, found from metadata and config.json. `null` = not in the graph. */
export interface LmLayout {
  readonly inputIds: string;
  readonly attentionMask: string | null;
  readonly positionIds: string | null;
  /** int64 scalar, "the last n positions" (0 = all). Graphs without one get one when they are cut at load. */
  readonly keep: string;
  readonly logits: { readonly name: string; readonly type: "float32" | "float16" };
  readonly vocabSize: number; // width of a row of logits
  readonly slots: readonly CacheSlot[];
  readonly cacheType: "float32" | "float16";
  /** True where the graph's attention accepts one fixed buffer as past and present (GroupQueryAttention). */
  readonly sharedBuffers: boolean;
}

/** Keys and values of `length` tokens, in the memory of the runner that made them. Opaque everywhere else. */
export interface Kv {
  readonly length: number; // tokens
}

/** What a language model can do for us.
 *
 * Ownership: `run` and `truncate` consume the `Kv` they are given. When they succeed, the old handle is dead and
 * the returned one replaces it; when they fail, the old handle is still good at its old length. Keep the past as
 * well by `fork` before. Every live handle is released exactly once. Calls on one runner never overlap.
 */
export interface LmRunner {
  readonly runtime: "native" | "addon";
  readonly device: Device;
  readonly vocabSize: number;
  /** A state of no tokens; `capacity` (tokens) is a hint for runners that allocate ahead. */
  empty(capacity?: number): Kv;
  /** Appends `ids` (1 or more) to `kv`. Logits: the last `keep` positions (default 1; 0 = every position of
   * `ids`), row-major [keep, vocabSize], float32 and owned by the caller. Rejects with an AbortError. */
  run(
    kv: Kv,
    ids: readonly number[],
    options?: { keep?: number; signal?: AbortSignal },
  ): Promise<{ logits: Float32Array; kv: Kv }>;
  /** The logits after each of `ids`, every one appended alone to `kv`; `kv` itself stays as it was. */
  lookahead(
    kv: Kv,
    ids: readonly number[],
    options?: { signal?: AbortSignal },
  ): Promise<Float32Array[]>;
  /** An independent state of the same tokens; `kv` stays as it was. Cheap: what can be shared is, until they part. */
  fork(kv: Kv): Kv;
  /** The first `length` tokens of `kv`; room that was reserved for many more is given back. */
  truncate(kv: Kv, length: number): Kv;
  /** Bytes of memory that this handle keeps alive. Handles share memory only where one's tokens are the beginning
   * of the other's; each then counts all of it. */
  bytes(kv: Kv): number;
  release(kv: Kv): void;
  dispose(): Promise<void>;
}
