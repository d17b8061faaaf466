// The logits after any path, from the caches where they are, else computed in chunks on what the KV cache has of
// the path. Several jobs may be half way at once, and several runs pending (`LmRunner.atOnce`).
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import type {
  Continuation,
  Cost,
  Logits,
  LogitsAnswer,
  PathScores,
  Sliced,
  Tops,
} from "../../decode/types.ts";
import { AheadRun, CATCH_UP_TOKENS } from "./ahead_run.ts";
import { checkFinite } from "../../runners/finite.ts";
import { type LmRunner, PIECE_TOKENS } from "../../runners/types.ts";
import { computePrefixLogits, scoreContinuation } from "./continuation_pass.ts";
import { type CachedState, KvCache } from "./kv_cache.ts";
import { LogitsCache } from "./logits_cache.ts";
import type { Counters } from "../../protocol/model_info.ts";
import { ScoreCache } from "./score_cache.ts";
import { scorePass } from "./score_pass.ts";

/** A computation that is under way. */
interface Flight {
  readonly ids: readonly number[];
  done: number; // tokens computed so far
  bytes: number; // of the state that it holds outside of the cache
}

export class LogitsSource implements Logits {
  readonly #runner: LmRunner;
  readonly #states: KvCache;
  readonly #kvBudget: number;
  readonly #known: LogitsCache;
  readonly #scores = new ScoreCache();
  readonly #flights = new Set<Flight>();
  #moved = Promise.withResolvers<void>(); // a flight has come further, or has ended
  readonly #ahead: AheadRun;
  #hits = 0;
  #misses = 0;
  #wastedTokens = 0;
  #last: { readonly ids: readonly number[]; readonly logits: Float32Array } | null = null;

  /** Budgets in bytes: of keys and values, and of distributions. `say`: told what could not be kept. */
  constructor(
    runner: LmRunner,
    kvBudgetBytes: number,
    logitsBudgetBytes?: number,
    say?: (sentence: string) => void,
  ) {
    this.#runner = runner;
    this.#known = new LogitsCache(logitsBudgetBytes);
    this.#states = new KvCache(runner, kvBudgetBytes, say);
    this.#kvBudget = kvBudgetBytes;
    const wasted = (tokens: number) => void (this.#wastedTokens += tokens);
    this.#ahead = new AheadRun({ runner, states: this.#states, known: this.#known, wasted });
  }

  get counters(): Counters {
    return {
      cache: { hits: this.#hits, misses: this.#misses, bytes: this.#states.bytes },
      prefetch: {
        hits: this.#known.guessesUsed,
        wastedTokens: this.#wastedTokens + this.#known.guessesLost,
      },
    };
  }

  /** As Logits. */
  async *after(ids: readonly number[], signal: AbortSignal, aside = false): Sliced<LogitsAnswer> {
    const answer = this.#recall(ids) ?? (yield* this.#find(ids, signal));
    if (!aside) this.#last = { ids, logits: answer.logits };
    return answer;
  }

  /** As Logits. */
  knows(ids: readonly number[]): boolean {
    return this.#known.has(ids);
  }

  /** As Logits; the logits after the whole path are then known. */
  async *scores(ids: readonly number[], signal: AbortSignal, top = 0): Sliced<PathScores & Tops & Cost> {
    await this.#ahead.stop();
    return yield* scorePass(
      { ...this.#parts, cache: this.#scores },
      ids,
      signal,
      Math.min(top, this.#runner.vocabSize),
    );
  }

  /** As Logits; the logits behind each of the tokens but the last are then known. */
  async *continuation(
    ids: readonly number[],
    from: number,
    signal: AbortSignal,
  ): Sliced<Continuation & Cost> {
    await this.#ahead.stop();
    return yield* scoreContinuation(this.#parts, ids, from, signal);
  }

  /** As Logits. */
  async *along(ids: readonly number[], from: number, signal: AbortSignal): Sliced<Cost> {
    await this.#ahead.stop();
    return yield* computePrefixLogits(this.#parts, ids, from, signal);
  }

  /** What passes over many positions work with. */
  get #parts() {
    return {
      runner: this.#runner,
      states: this.#states,
      known: (path: readonly number[]) => this.#known.peek(path),
      remember: (path: readonly number[], logits: Float32Array) => this.#known.remember(path, logits),
    };
  }

  async *#find(ids: readonly number[], signal: AbortSignal): Sliced<LogitsAnswer> {
    const cost = await this.#ahead.join(ids, signal);
    const begun = cost && this.#recall(ids);
    if (begun) return { ...begun, ...cost };
    this.#misses++;
    const flight: Flight = { ids, done: 0, bytes: 0 };
    this.#flights.add(flight);
    try {
      while (this.#anotherIsAhead(flight) || this.#isCrowded(flight)) {
        yield { until: this.#moved.promise };
        const answer = this.#recall(ids);
        if (answer) return answer;
      }
      return yield* this.#compute(flight, signal);
    } finally {
      this.#flights.delete(flight);
      this.#tellMoved();
    }
  }

  #tellMoved(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }

  /** Begins to compute the logits after a path that is likely to be asked for next; see AheadRun. Does nothing while
   * something else is computed. */
  runAhead(ids: readonly number[]): void {
    if (this.#flights.size === 0) this.#ahead.begin(ids);
  }

  /** Stops what `runAhead` began; resolves when the runner is free of it. */
  stopAhead(): Promise<void> {
    return this.#ahead.stop();
  }

  /** The path that was answered last for its own sake, and its logits. */
  get lastAnswer(): { readonly ids: readonly number[]; readonly logits: Float32Array } | null {
    return this.#last;
  }

  /** Computes the distributions behind `candidates`, each appended alone to `ids`, where they are not known yet.
   * Does nothing where the cache has lost most of `ids`.
   *
   * No state is evicted for a guess: what the runner needs beside the state of `ids` is freed at the end, and where
   * the budget has no room for a copy of the state a candidate, they are computed one by one in place. Clicks that
   * were answered by speculation are caught up with first: their tokens are the path's, and stay.
   * Rejects with an AbortError. */
  async lookahead(ids: readonly number[], candidates: readonly number[], signal: AbortSignal): Promise<void> {
    await this.#ahead.pass(signal);
    if (signal.aborted) return;
    const unknown = candidates.filter((id) => !this.#known.has([...ids, id]));
    if (unknown.length === 0 || ids.length - this.#states.reach(ids, ids.length) > CATCH_UP_TOKENS) return;
    let state = this.#states.take(ids, ids.length);
    try {
      const missing = ids.slice(state.ids.length);
      if (missing.length > 0) {
        const { kv } = await this.#runner.run(state.kv, missing, { signal });
        state = { ids, kv };
      }
      await this.#guess(state, unknown, signal);
    } finally {
      this.#states.put(state);
    }
  }

  /** Lookahead on a fork, so that room that it grows is not kept. */
  async #guess(state: CachedState, candidates: readonly number[], signal: AbortSignal): Promise<void> {
    const fork = this.#runner.fork(state.kv);
    const room = this.#states.room - this.#runner.bytes(fork); // the state itself is out of the cache
    const step = room >= candidates.length * this.#runner.bytes(fork) ? candidates.length : 1;
    try {
      for (let start = 0; start < candidates.length; start += step) {
        const some = candidates.slice(start, start + step);
        const logits = await this.#runner.lookahead(fork, some, { signal }).catch((error) => {
          this.#wastedTokens += some.length;
          throw error;
        });
        for (const row of logits) checkFinite(row, this.#runner.vocabSize);
        some.forEach((id, i) => this.#known.guess([...state.ids, id], logits[i]!));
      }
    } finally {
      this.#runner.release(fork);
    }
  }

  /** Forgets every cached state, distribution and score: speed only. */
  clear(): void {
    this.#states.clear();
    this.#known.clear();
    this.#scores.clear();
  }

  async *#compute(flight: Flight, signal: AbortSignal): Sliced<LogitsAnswer> {
    const { ids } = flight;
    let state: CachedState = this.#states.take(ids);
    flight.bytes = this.#runner.bytes(state.kv);
    const cost = { computedTokens: ids.length - state.ids.length, prefillMs: 0, decodeMs: 0 };
    try {
      while (true) {
        const start = state.ids.length;
        const chunk = ids.slice(start, start + this.#runner.pieceTokens(state.kv));
        const begun = performance.now();
        const { logits, kv } = await this.#runner.run(state.kv, chunk, { signal });
        state = { ids: ids.slice(0, start + chunk.length), kv };
        checkFinite(logits, this.#runner.vocabSize);
        cost[chunk.length > 1 ? "prefillMs" : "decodeMs"] += performance.now() - begun;
        flight.done = state.ids.length;
        flight.bytes = this.#runner.bytes(kv);
        this.#tellMoved();
        if (flight.done === ids.length) {
          this.#known.remember(ids, logits);
          return { logits, ...cost };
        }
        if (!this.#runner.cuts) this.#states.put({ ids: state.ids, kv: this.#runner.fork(kv) });
        yield { done: flight.done, total: ids.length };
      }
    } finally {
      this.#states.put(state); // also after an abort: what is computed is computed
    }
  }

  #recall(ids: readonly number[]): LogitsAnswer | null {
    const logits = this.#known.recall(ids);
    if (logits === null) return null;
    this.#hits++;
    return { logits, computedTokens: 0, prefillMs: 0, decodeMs: 0 };
  }

  /** Two pages with the same prompt: the one behind waits for the one ahead instead of computing it again. */
  #anotherIsAhead(flight: Flight): boolean {
    for (const other of this.#flights) {
      if (other === flight) return false; // those that came earlier stand before it in the set
      const shared = countCommonPrefix(other.ids, flight.ids);
      if (other.done < shared && shared - this.#states.reach(flight.ids) >= PIECE_TOKENS / 2) return true;
    }
    return false;
  }

  /** A long prefill waits while others hold half as much memory as the cache may. Short ones, clicks above all, never
   * do, and one always goes on. */
  #isCrowded(flight: Flight): boolean {
    if (flight.ids.length - this.#states.reach(flight.ids) <= PIECE_TOKENS) return false;
    let held = 0;
    for (const other of this.#flights) held += other.bytes;
    return held > 0 && held >= this.#kvBudget / 2;
  }
}
