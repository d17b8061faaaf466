// Keys and values of contexts already computed, found by token prefix, within a budget of bytes, the least
// recently used out first. It only makes things fast: emptied at any moment, the answers are the same.
//
// Ownership: a state in the cache belongs to the cache; `take` hands one over to the caller, who gives it back
// by `put` (or releases it). A state that is out cannot be evicted.
//
// Bytes: runners share memory between states only where one holds the beginning of the other, and the cache keeps no
// state that another one of its own begins with. So no memory is counted twice, and the sum is what an emptied cache
// would give back (room that a buffer has for further tokens included).
import { LRUCache } from "lru-cache";
import type { Kv, LmRunner } from "../../runners/types.ts";

/** A state that is out of the cache: `kv` holds the tokens `ids`. */
export interface CachedState {
  readonly ids: readonly number[];
  readonly kv: Kv;
}

/** Dropping a tail of this many tokens is cheaper than keeping a copy: one token is one click to compute again. */
const CHEAP_TAIL = 1;

export class KvCache {
  readonly #runner: LmRunner;
  readonly #states: LRUCache<number, CachedState>;
  #nextKey = 1;

  constructor(runner: LmRunner, budgetBytes: number) {
    this.#runner = runner;
    this.#states = new LRUCache({
      maxSize: Math.max(1, budgetBytes),
      sizeCalculation: (state) => Math.max(1, runner.bytes(state.kv)),
      dispose: (state, _key, reason) => {
        if (reason === "evict") runner.release(state.kv);
      },
    });
  }

  /** Bytes that the cached states keep alive. */
  get bytes(): number {
    return this.#states.calculatedSize;
  }

  /** Bytes that may still be put before something is evicted. */
  get room(): number {
    return this.#states.maxSize - this.#states.calculatedSize;
  }

  /** Tokens of `ids` that a cached state could save, at most `limit`. */
  reach(ids: readonly number[], limit = ids.length - 1): number {
    return this.#find(ids, limit)?.common ?? 0;
  }

  /** A state of the longest prefix of `ids` that the cache has, of at most `limit` tokens. The default leaves out
   * the last one, which must run to give logits. A cached state that goes on differently is copied and stays. */
  take(ids: readonly number[], limit = ids.length - 1): CachedState {
    const found = this.#find(ids, limit);
    if (!found) return { ids: [], kv: this.#runner.empty(ids.length) };
    const { key, state, common } = found;
    const prefix = ids.slice(0, common);
    if (state.ids.length - common > CHEAP_TAIL) {
      this.#states.get(key); // used just now
      return { ids: prefix, kv: this.#runner.truncate(this.#runner.fork(state.kv), common) };
    }
    this.#states.delete(key);
    const kv = state.ids.length === common ? state.kv : this.#runner.truncate(state.kv, common);
    return { ids: prefix, kv };
  }

  /** Gives a state to the cache. It is released where it is over the budget by itself, or where the cache has its
   * tokens already; a cached state that it goes on from is released. */
  put(state: CachedState): void {
    if (state.ids.length === 0 || this.#covers(state.ids)) return this.#runner.release(state.kv);
    // An abandoned prefill has room for tokens that never came: it gives that back.
    const kv = this.#runner.truncate(state.kv, state.ids.length);
    if (this.#runner.bytes(kv) > this.#states.maxSize) return this.#runner.release(kv);
    for (const [key, other] of [...this.#states.entries()]) {
      if (commonPrefix(other.ids, state.ids) < other.ids.length) continue;
      this.#states.delete(key);
      this.#runner.release(other.kv);
    }
    this.#states.set(this.#nextKey++, { ids: state.ids, kv });
  }

  /** Whether a cached state begins with `ids`; it then counts as used just now. */
  #covers(ids: readonly number[]): boolean {
    for (const [key, { ids: other }] of this.#states.entries()) {
      if (other.length < ids.length || commonPrefix(other, ids) < ids.length) continue;
      this.#states.get(key);
      return true;
    }
    return false;
  }

  /** Releases everything the cache holds. */
  clear(): void {
    for (const [key, state] of [...this.#states.entries()]) {
      this.#states.delete(key);
      this.#runner.release(state.kv);
    }
  }

  #find(ids: readonly number[], limit: number) {
    let best: { key: number; state: CachedState; common: number } | null = null;
    for (const [key, state] of this.#states.entries()) {
      const common = Math.min(commonPrefix(state.ids, ids), limit);
      const closer = best !== null && common === best.common && state.ids.length < best.state.ids.length;
      if (common > (best?.common ?? 0) || closer) best = { key, state, common };
    }
    return best;
  }
}

/** How many leading tokens two paths share. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
