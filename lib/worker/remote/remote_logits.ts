// The logits of another engine's model: its log-probabilities, which are logits up to a constant. A job that waits for
// them is parked, so that others go on; what was answered is kept as for a model of our own.
import { addCosts, NO_COST } from "../../decode/timing.ts";
import type {
  Continuation,
  Cost,
  Logits,
  LogitsAnswer,
  PathScores,
  PathTops,
  Sliced,
  Tops,
} from "../../decode/types.ts";
import { waitFor } from "../../decode/waiting.ts";
import type { Counters } from "../../protocol/model_info.ts";
import { topIds } from "../../sampling/order.ts";
import { logprobFrom, logprobsUnder, scoreOf } from "../../sampling/score.ts";
import { LogitsCache } from "../logits/logits_cache.ts";
import type { RemoteEngine } from "./types.ts";

export class RemoteLogits implements Logits {
  readonly #engine: RemoteEngine;
  readonly #known = new LogitsCache();
  #hits = 0;
  #misses = 0;

  constructor(engine: RemoteEngine) {
    this.#engine = engine;
  }

  get counters(): Counters {
    const cache = { hits: this.#hits, misses: this.#misses, bytes: 0 };
    return { cache, prefetch: { hits: 0, wastedTokens: 0 } };
  }

  async *after(ids: readonly number[], signal: AbortSignal): Sliced<LogitsAnswer> {
    const known = this.#known.recall(ids);
    if (known !== null) {
      this.#hits++;
      return { logits: known, computedTokens: 0, prefillMs: 0, decodeMs: 0 };
    }
    this.#misses++;
    const begun = performance.now();
    const logits = yield* waitFor(this.#engine.logprobsAfter(ids, signal));
    this.#known.remember(ids, logits);
    return { logits, computedTokens: 1, prefillMs: 0, decodeMs: performance.now() - begun };
  }

  /** One request a position: these engines give prompts no whole distributions. Their own prefix caches make it cheap. */
  async *scores(ids: readonly number[], signal: AbortSignal, top = 0): Sliced<PathScores & Tops & Cost> {
    const scores = {
      logprobs: new Float64Array(ids.length).fill(NaN),
      ranks: new Int32Array(ids.length).fill(-1),
      entropies: new Float64Array(ids.length).fill(NaN),
    };
    const tops = top === 0 ? null : emptyTops(ids.length, Math.min(top, this.#engine.vocabSize));
    let cost = NO_COST;
    for (let at = 1; at < ids.length; at++) {
      const answer = yield* this.after(ids.slice(0, at), signal);
      cost = addCosts(cost, answer);
      const { logprob, rank, entropyBits, scale } = scoreOf(answer.logits, ids[at]!);
      scores.logprobs[at] = logprob;
      scores.ranks[at] = rank;
      scores.entropies[at] = entropyBits;
      if (tops !== null) {
        const best = topIds(answer.logits, tops.count);
        tops.ids.set(best, at * tops.count);
        const logprobs = Float64Array.from(best, (id) => logprobFrom(answer.logits[id]!, scale));
        tops.logprobs.set(logprobs, at * tops.count);
      }
      yield { done: at, total: ids.length };
    }
    return { ...scores, tops, ...cost };
  }

  async *continuation(
    ids: readonly number[],
    from: number,
    signal: AbortSignal,
  ): Sliced<Continuation & Cost> {
    const logprobs = new Float64Array(ids.length - from);
    let cost = NO_COST;
    for (let at = from; at < ids.length; at++) {
      const answer = yield* this.after(ids.slice(0, at), signal);
      cost = addCosts(cost, answer);
      logprobs[at - from] = logprobsUnder(answer.logits)(ids[at]!);
    }
    return { logprobs, ...cost };
  }

  clear(): void {
    this.#known.clear();
  }
}

function emptyTops(length: number, count: number): PathTops {
  return {
    count,
    ids: new Int32Array(length * count).fill(-1),
    logprobs: new Float64Array(length * count).fill(NaN),
  };
}
