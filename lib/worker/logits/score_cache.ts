// Scores of paths already read, found by token prefix: the score of a token depends on what comes before it alone,
// so that a path one token longer has one new score. Small numbers, never logits.
import { LRUCache } from "lru-cache";
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import type { PathScores, PathTops, Tops } from "../../decode/types.ts";

interface KnownScores {
  readonly ids: readonly number[];
  readonly scores: PathScores & Tops;
}

const BUDGET_BYTES = 16 * 2 ** 20;
const BYTES_A_TOKEN = 28; // id, log-probability, rank, entropy
const BYTES_A_TOP = 12; // id, log-probability
const MOST_PATHS = 512;

export class ScoreCache {
  readonly #paths = new LRUCache<number, KnownScores>({
    max: MOST_PATHS,
    maxSize: BUDGET_BYTES,
    sizeCalculation: ({ ids, scores }) =>
      Math.max(1, ids.length * (BYTES_A_TOKEN + BYTES_A_TOP * (scores.tops?.count ?? 0))),
  });
  #nextKey = 1;

  /** Room for the scores of `ids` with `top` most probable tokens each, the first `known` of them filled in. The first
   * token is always known: nothing comes before it. */
  begin(ids: readonly number[], top: number): { scores: PathScores & Tops; known: number } {
    const scores = createEmptyScores(ids.length, top);
    let best: { key: number; path: KnownScores; common: number } | null = null;
    for (const [key, path] of this.#paths.entries()) {
      if ((path.scores.tops?.count ?? 0) < top) continue;
      const common = countCommonPrefix(path.ids, ids);
      if (common > (best?.common ?? 0)) best = { key, path, common };
    }
    if (best === null) return { scores, known: Math.min(1, ids.length) };
    this.#paths.get(best.key); // used just now
    const { logprobs, ranks, entropies, tops } = best.path.scores;
    scores.logprobs.set(logprobs.subarray(0, best.common));
    scores.ranks.set(ranks.subarray(0, best.common));
    scores.entropies.set(entropies.subarray(0, best.common));
    if (scores.tops !== null) copyTops(tops!, scores.tops, best.common);
    return { scores, known: best.common };
  }

  /** Keeps the scores of the first `known` tokens; paths that this one only goes on from are dropped. */
  keep(ids: readonly number[], scores: PathScores & Tops, known: number): void {
    const path = ids.slice(0, known);
    const count = scores.tops?.count ?? 0;
    for (const [key, other] of [...this.#paths.entries()]) {
      const common = countCommonPrefix(other.ids, path);
      const others = other.scores.tops?.count ?? 0;
      if (common === path.length && others >= count) return void this.#paths.get(key);
      if (common === other.ids.length && others <= count) this.#paths.delete(key);
    }
    this.#paths.set(this.#nextKey++, { ids: path, scores: firstOf(scores, known) });
  }

  clear(): void {
    this.#paths.clear();
  }
}

function createEmptyScores(length: number, top: number): PathScores & Tops {
  return {
    logprobs: new Float64Array(length).fill(NaN),
    ranks: new Int32Array(length).fill(-1),
    entropies: new Float64Array(length).fill(NaN),
    tops: top === 0 ? null : {
      count: top,
      ids: new Int32Array(length * top).fill(-1),
      logprobs: new Float64Array(length * top).fill(NaN),
    },
  };
}

/** A copy of what is known of the first `length` tokens. */
function firstOf({ logprobs, ranks, entropies, tops }: PathScores & Tops, length: number): PathScores & Tops {
  return {
    logprobs: logprobs.slice(0, length),
    ranks: ranks.slice(0, length),
    entropies: entropies.slice(0, length),
    tops: tops === null ? null : {
      count: tops.count,
      ids: tops.ids.slice(0, length * tops.count),
      logprobs: tops.logprobs.slice(0, length * tops.count),
    },
  };
}

/** The tops of the first `length` tokens; `from` has at least as many a token as `to`. */
function copyTops(from: PathTops, to: PathTops, length: number): void {
  for (let at = 0; at < length; at++) {
    const start = at * from.count;
    to.ids.set(from.ids.subarray(start, start + to.count), at * to.count);
    to.logprobs.set(from.logprobs.subarray(start, start + to.count), at * to.count);
  }
}
