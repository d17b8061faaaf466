// Byte pair encoding of one word: neighbours are merged, the lowest rank first, the leftmost of equal ranks first
// (tokenizers/src/models/bpe/word.rs).
import type { Slices } from "../../basics/slices.ts";
import { Candidates } from "./candidates.ts";
import type { IdList } from "./id_list.ts";
import type { PairTable } from "./pair_table.ts";
import { STEPS_A_SLICE } from "./types.ts";

/** Merges as they are looked up. A class, because nothing in a JSON file is one. */
export class MergeIndex {
  constructor(
    /** Rank of a pair of ids. */
    readonly ranks: PairTable,
    /** Id that the pair of each rank becomes. */
    readonly results: Int32Array<ArrayBuffer>,
    /** Whether every merge makes a token that is neither of its two: see `mergeShort`. */
    readonly grows: boolean,
  ) {}
}

/** Ids of a word up to which looking at all pairs for each merge is faster than keeping them in order. */
export const SHORT_WORD = 64;

/** Ids that are only looked at between two slices. */
const LOOKED_AT = 2 ** 16;

/** No pair has this rank. */
const NONE = 0x7fffffff;

/** Merges the ids of a list from `start` on (at most SHORT_WORD), which are a word. `ranksAt` is for its own use.
 * Right where merges grow: then a pair that is no longer there cannot make the token that its rank made, which the
 * reference merges at that rank still. */
export function mergeShort(
  list: IdList,
  start: number,
  { ranks, results }: MergeIndex,
  ranksAt: Int32Array,
): void {
  const ids = list.values;
  let count = list.count - start;
  for (let at = 0; at < count; at++) {
    ranksAt[at] = at + 1 < count ? rankOrNone(ranks.get(ids[start + at]!, ids[start + at + 1]!)) : NONE;
  }
  while (true) {
    let least = NONE;
    let place = 0;
    for (let at = 0; at < count; at++) {
      if (ranksAt[at]! >= least) continue;
      least = ranksAt[at]!;
      place = at;
    }
    if (least === NONE) break;
    count--;
    for (let at = place + 1; at < count; at++) {
      ids[start + at] = ids[start + at + 1]!;
      ranksAt[at] = ranksAt[at + 1]!;
    }
    const [made, at] = [results[least]!, start + place];
    ids[at] = made;
    ranksAt[place] = place + 1 < count ? rankOrNone(ranks.get(made, ids[at + 1]!)) : NONE;
    if (place > 0) ranksAt[place - 1] = rankOrNone(ranks.get(ids[at - 1]!, made));
  }
  list.count = start + count;
}

function rankOrNone(rank: number): number {
  return rank < 0 ? NONE : rank;
}

/** Merges the ids of a word in place and returns those that are left. */
export function* mergeLong(ids: Int32Array, { ranks, results }: MergeIndex): Slices<Int32Array> {
  const count = ids.length;
  const next = new Int32Array(count);
  const previous = new Int32Array(count);
  const ranksAt = new Int32Array(count); // of each place's pair as it is now
  const candidates = new Candidates();
  const offer = (at: number) => {
    const after = next[at]!;
    const rank = after < count ? ranks.get(ids[at]!, ids[after]!) : -1;
    ranksAt[at] = rank;
    if (rank >= 0) candidates.add(rank, at);
  };
  for (let at = 0; at < count; at++) {
    next[at] = at + 1;
    previous[at] = at - 1;
    offer(at);
    if ((at + 1) % STEPS_A_SLICE === 0) yield;
  }
  for (let steps = 1; candidates.take(); steps++) {
    if (steps % STEPS_A_SLICE === 0) yield;
    const { place, rank } = candidates;
    const result = results[rank]!;
    const now = ranksAt[place]!;
    // A candidate is out of date where its neighbours no longer make the same token.
    if (now < 0 || results[now] !== result) continue;
    const after = next[place]!;
    ids[place] = result;
    ids[after] = ranksAt[after] = -1;
    const behind = next[place] = next[after]!;
    if (behind < count) previous[behind] = place;
    if (previous[place]! >= 0) offer(previous[place]!);
    offer(place);
  }
  return yield* withoutMerged(ids);
}

/** The ids that are left, moved to the front. */
function* withoutMerged(ids: Int32Array): Slices<Int32Array> {
  let left = 0;
  for (let at = 0; at < ids.length; at++) {
    if (ids[at]! >= 0) ids[left++] = ids[at]!;
    if ((at + 1) % LOOKED_AT === 0) yield;
  }
  return ids.subarray(0, left);
}
