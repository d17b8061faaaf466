// Scores of paths already read, found by token prefix: the score of a token depends on what comes before it alone,
// so that a path one token longer has one new score. Small numbers, never logits.
import { LRUCache } from "lru-cache";
import type { PathScores } from "../../decode/types.ts";
import { commonPrefix } from "./kv_cache.ts";

interface KnownScores {
  readonly ids: readonly number[];
  readonly scores: PathScores;
}

const BUDGET_BYTES = 16 * 2 ** 20;
const BYTES_A_TOKEN = 28; // id, log-probability, rank, entropy
const MOST_PATHS = 512;

export class ScoreCache {
  readonly #paths = new LRUCache<number, KnownScores>({
    max: MOST_PATHS,
    maxSize: BUDGET_BYTES,
    sizeCalculation: ({ ids }) => Math.max(1, ids.length * BYTES_A_TOKEN),
  });
  #nextKey = 1;

  /** Room for the scores of `ids`, the first `known` of them filled in. The first token is always known: nothing
   * comes before it. */
  begin(ids: readonly number[]): { scores: PathScores; known: number } {
    const scores = emptyScores(ids.length);
    let best: { key: number; path: KnownScores; common: number } | null = null;
    for (const [key, path] of this.#paths.entries()) {
      const common = commonPrefix(path.ids, ids);
      if (common > (best?.common ?? 0)) best = { key, path, common };
    }
    if (best === null) return { scores, known: Math.min(1, ids.length) };
    this.#paths.get(best.key); // used just now
    const { logprobs, ranks, entropies } = best.path.scores;
    scores.logprobs.set(logprobs.subarray(0, best.common));
    scores.ranks.set(ranks.subarray(0, best.common));
    scores.entropies.set(entropies.subarray(0, best.common));
    return { scores, known: best.common };
  }

  /** Keeps the scores of the first `known` tokens; paths that this one only goes on from are dropped. */
  keep(ids: readonly number[], { logprobs, ranks, entropies }: PathScores, known: number): void {
    const path = ids.slice(0, known);
    for (const [key, other] of [...this.#paths.entries()]) {
      const common = commonPrefix(other.ids, path);
      if (common === path.length) return void this.#paths.get(key);
      if (common === other.ids.length) this.#paths.delete(key);
    }
    const scores = {
      logprobs: logprobs.slice(0, known),
      ranks: ranks.slice(0, known),
      entropies: entropies.slice(0, known),
    };
    this.#paths.set(this.#nextKey++, { ids: path, scores });
  }

  clear(): void {
    this.#paths.clear();
  }
}

function emptyScores(length: number): PathScores {
  return {
    logprobs: new Float64Array(length).fill(NaN),
    ranks: new Int32Array(length).fill(-1),
    entropies: new Float64Array(length).fill(NaN),
  };
}
