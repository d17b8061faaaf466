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
import { fault } from "../../fault.ts";
import type { Counters } from "../../protocol/model_info.ts";
import { topIds } from "../../sampling/order.ts";
import type { EngineAnswer } from "../../sampling/part_known.ts";
import { logprobFrom, logprobsUnder, scoreOf } from "../../sampling/score.ts";
import { LogitsCache } from "../logits/logits_cache.ts";
import { checkId, logprobsByIdOf } from "./answers.ts";
import type { PathList, RemoteEngine } from "./types.ts";

export class RemoteLogits implements Logits {
  readonly #engine: RemoteEngine;
  readonly #known = new LogitsCache();
  readonly #answers = new WeakMap<Float32Array, EngineAnswer>();
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
      const engine = this.#answers.get(known)!;
      return { logits: known, engine, computedTokens: 0, prefillMs: 0, decodeMs: 0 };
    }
    this.#misses++;
    const begun = performance.now();
    const { vocabSize, listed } = this.#engine;
    const { tokens, most } = yield* waitFor(this.#engine.after(ids, signal));
    const logits = logprobsByIdOf(tokens, vocabSize, listed === null);
    const engine = { listed, ...most === undefined ? {} : { most } };
    this.#answers.set(logits, engine);
    this.#known.remember(ids, logits);
    return { logits, engine, computedTokens: 1, prefillMs: 0, decodeMs: performance.now() - begun };
  }

  /** One request where the engine scores prompts and lists some tokens only; else one a position, which its prefix
   * cache makes cheap. What it does not say is NaN, and a rank of -1. */
  async *scores(ids: readonly number[], signal: AbortSignal, top = 0): Sliced<PathScores & Tops & Cost> {
    const count = Math.min(top, this.#engine.listed ?? this.#engine.vocabSize);
    const { path } = this.#engine;
    if (path === null) return yield* this.#scoresByPosition(ids, count, signal);
    const begun = performance.now();
    const list = yield* waitFor(path(ids, Math.max(1, count), signal));
    return {
      logprobs: Float64Array.from(list.logprobs, (logprob) => logprob ?? NaN),
      ranks: Int32Array.from(list.ranks, (rank) => rank ?? -1),
      entropies: new Float64Array(ids.length).fill(NaN),
      tops: top === 0 ? null : topsOf(list, count, this.#engine.vocabSize),
      ...{ computedTokens: ids.length, prefillMs: performance.now() - begun, decodeMs: 0 },
    };
  }

  async *#scoresByPosition(
    ids: readonly number[],
    count: number,
    signal: AbortSignal,
  ): Sliced<PathScores & Tops & Cost> {
    const scores = {
      logprobs: new Float64Array(ids.length).fill(NaN),
      ranks: new Int32Array(ids.length).fill(-1),
      entropies: new Float64Array(ids.length).fill(NaN),
    };
    const tops = count === 0 ? null : createTops(ids.length, count);
    let cost = NO_COST;
    for (let at = 1; at < ids.length; at++) {
      const answer = yield* this.after(ids.slice(0, at), signal);
      cost = addCosts(cost, answer);
      const { logprob, rank, entropyBits, of } = scoreIn(answer, ids[at]!);
      scores.logprobs[at] = logprob;
      scores.ranks[at] = rank;
      scores.entropies[at] = entropyBits;
      if (tops !== null) {
        const best = topIds(answer.logits, tops.count);
        tops.ids.set(best, at * tops.count);
        tops.logprobs.set(Float64Array.from(best, of), at * tops.count);
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
    const { listed } = this.#engine;
    if (listed !== null) {
      throw fault("unsupported", `The engine lists ${listed} tokens: others cannot be scored.`);
    }
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

/** A token's score among what the engine lists; NaN and -1 where it is not there. */
function scoreIn({ logits, engine }: LogitsAnswer, id: number) {
  const { logprob, rank, entropyBits, scale } = scoreOf(logits, id);
  if (engine?.listed == null) {
    return { logprob, rank, entropyBits, of: (id: number) => logprobFrom(logits[id]!, scale) };
  }
  const listed = logits[id]! > -Infinity;
  return {
    logprob: listed ? logits[id]! : NaN,
    rank: listed ? rank : -1,
    entropyBits: NaN,
    of: (id: number) => logits[id]!,
  };
}

/** Throws inference_failed for an id beyond a vocabulary of `size`. */
function topsOf({ tops }: PathList, count: number, size: number): PathTops {
  const result = createTops(tops.length, count);
  tops.forEach((place, at) => {
    place.slice(0, count).forEach(([id, logprob], rank) => {
      result.ids[at * count + rank] = checkId(id, size);
      result.logprobs[at * count + rank] = logprob;
    });
  });
  return result;
}

function createTops(length: number, count: number): PathTops {
  return {
    count,
    ids: new Int32Array(length * count).fill(-1),
    logprobs: new Float64Array(length * count).fill(NaN),
  };
}
