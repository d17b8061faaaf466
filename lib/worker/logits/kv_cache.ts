// Keys and values of contexts already computed, found by token prefix, within a budget of bytes, the least
// recently used out first. It only makes things fast: emptied at any moment, the answers are the same.
//
// Ownership: a state in the cache belongs to the cache; `take` hands one over to the caller, who gives it back
// by `put` (or releases it). A state that is out cannot be evicted. One that is taken whole stays as well: others may
// go on from the same text meanwhile.
//
// Bytes: runners share memory between states only where one holds the beginning of the other, and the cache keeps no
// state that another one of its own begins with. So no memory is counted twice, and the sum is what an emptied cache
// would give back (room that a buffer has for further tokens included).
//
// Memory that ends while a state is cut makes nothing but time: the state is let go, and said so.
//
// A runner whose states cannot be cut (convolutions, recurrences) is served by whole states only, each of which stays
// when its tokens go on: the way back leads to the longest one that was kept.
import { LRUCache } from "lru-cache";
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import { messageOf } from "../../basics/message_of.ts";
import type { Kv, LmRunner } from "../../runners/types.ts";

/** A state that is out of the cache: `kv` holds the tokens `ids`. */
export interface CachedState {
  readonly ids: readonly number[];
  readonly kv: Kv;
}

/** Dropping a tail of this many tokens is cheaper than keeping a copy: one token is one click to compute again. */
const CHEAP_TAIL = 1;

/** States of fixed size are small and never replaced by longer ones: looking through them all must stay quick. */
const MOST_WHOLE_STATES = 256;

export class KvCache {
  readonly #runner: LmRunner;
  readonly #say: (sentence: string) => void;
  readonly #states: LRUCache<number, CachedState>;
  #nextKey = 1;

  /** `say`: told in a sentence what could not be kept. */
  constructor(runner: LmRunner, budgetBytes: number, say: (sentence: string) => void = () => {}) {
    this.#runner = runner;
    this.#say = say;
    this.#states = new LRUCache({
      ...(runner.cuts ? {} : { max: MOST_WHOLE_STATES }),
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
    if (!this.#runner.cuts) {
      this.#states.get(key); // used just now
      return { ids: state.ids, kv: this.#runner.fork(state.kv) };
    }
    const prefix = ids.slice(0, common);
    const tail = state.ids.length - common;
    const copied = tail === 0 || tail > CHEAP_TAIL;
    if (copied) this.#states.get(key); // used just now
    else this.#states.delete(key);
    const kv = this.#cut(copied ? this.#runner.fork(state.kv) : state.kv, common);
    if (kv !== null) return { ids: prefix, kv };
    this.clear(); // a run from the start needs memory
    return { ids: [], kv: this.#runner.empty(ids.length) };
  }

  /** Gives a state to the cache. It is released where it is over the budget by itself, or where the cache has its
   * tokens already; a cached state that it goes on from is released. */
  put(state: CachedState): void {
    if (state.ids.length === 0 || this.#covers(state.ids)) return this.#runner.release(state.kv);
    // An abandoned prefill has room for tokens that never came: it gives that back.
    const kv = this.#cut(state.kv, state.ids.length);
    if (kv === null) return;
    if (this.#runner.bytes(kv) > this.#states.maxSize) return this.#runner.release(kv);
    for (const [key, other] of [...this.#states.entries()]) {
      if (!this.#runner.cuts || countCommonPrefix(other.ids, state.ids) < other.ids.length) continue;
      this.#states.delete(key);
      this.#runner.release(other.kv);
    }
    this.#states.set(this.#nextKey++, { ids: state.ids, kv });
  }

  /** The first `length` tokens of `kv`, which is consumed; null, said aloud, where they cannot be had. */
  #cut(kv: Kv, length: number): Kv | null {
    try {
      return this.#runner.truncate(kv, length);
    } catch (error) {
      this.#runner.release(kv);
      this.#say(`The keys and values of ${length} tokens are not kept: ${messageOf(error)}`);
      return null;
    }
  }

  /** Whether a cached state begins with `ids`, or is of just these; it then counts as used just now. */
  #covers(ids: readonly number[]): boolean {
    for (const [key, { ids: other }] of this.#states.entries()) {
      const enough = this.#runner.cuts ? other.length >= ids.length : other.length === ids.length;
      if (!enough || countCommonPrefix(other, ids) < ids.length) continue;
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
      const shared = Math.min(countCommonPrefix(state.ids, ids), limit);
      const common = this.#runner.cuts || shared === state.ids.length ? shared : 0;
      const closer = best !== null && common === best.common && state.ids.length < best.state.ids.length;
      if (common > (best?.common ?? 0) || closer) best = { key, state, common };
    }
    return best;
  }
}
