// Byte pair encoding of one word: neighbours are merged, the lowest rank first, the leftmost of equal ranks first
// (tokenizers/src/models/bpe/word.rs). A heap of candidates makes it n log n in the word's length.
import type { Slices } from "../../basics/slices.ts";
import type { PairTable } from "./pair_table.ts";
import { STEPS_A_SLICE } from "./types.ts";

export interface Merges {
  /** Rank of a pair of ids. */
  readonly ranks: PairTable;
  /** Id that the pair of each rank becomes. */
  readonly results: Int32Array;
}

/** Merges the ids of a word in place and returns those that are left. */
export function* mergeAll(ids: Int32Array, { ranks, results }: Merges): Slices<number[]> {
  const count = ids.length;
  const next = new Int32Array(count);
  const previous = new Int32Array(count);
  const heap = new MinHeap(2 * count);
  const offer = (at: number) => {
    const after = next[at]!;
    const rank = after < count ? ranks.get(ids[at]!, ids[after]!) : -1;
    if (rank >= 0) heap.push(rank * count + at); // in the order of ranks, then of places
  };
  for (let at = 0; at < count; at++) [next[at], previous[at]] = [at + 1, at - 1];
  for (let at = 0; at < count; at++) {
    offer(at);
    if ((at + 1) % STEPS_A_SLICE === 0) yield;
  }
  for (let steps = 1; heap.size > 0; steps++) {
    if (steps % STEPS_A_SLICE === 0) yield;
    const key = heap.pop();
    const at = key % count;
    const after = next[at]!;
    if (ids[at]! < 0 || after >= count) continue;
    const result = results[(key - at) / count]!;
    const now = ranks.get(ids[at]!, ids[after]!);
    // A candidate is out of date where its neighbours no longer make the same token.
    if (now < 0 || results[now] !== result) continue;
    ids[at] = result;
    ids[after] = -1;
    next[at] = next[after]!;
    if (next[at]! < count) previous[next[at]!] = at;
    if (previous[at]! >= 0) offer(previous[at]!);
    offer(at);
  }
  const left: number[] = [];
  for (let at = 0; at < count; at++) if (ids[at]! >= 0) left.push(ids[at]!);
  return left;
}

/** Numbers, the least first. */
class MinHeap {
  size = 0;
  readonly #keys: Float64Array;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity + 1);
  }

  push(key: number): void {
    const keys = this.#keys;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      at = parent;
    }
    keys[at] = key;
  }

  pop(): number {
    const keys = this.#keys;
    const least = keys[0]!;
    const key = keys[--this.size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = key;
    return least;
  }
}
