// What passes over many positions of a path work with: the runner and the caches of a LogitsSource.
import type { LmRunner } from "../../runners/types.ts";
import type { KvCache } from "./kv_cache.ts";

export interface PassParts {
  readonly runner: LmRunner;
  readonly states: KvCache;
  /** The logits after a path where they are known. */
  known(ids: readonly number[]): Float32Array | null;
  /** Takes the logits after a path. */
  remember(ids: readonly number[], logits: Float32Array): void;
}
