// Cuts a vocabulary's tree in two for a set of bytes: the tokens of those bytes alone, as one set, and a smaller tree
// of everything else. Where a state takes such bytes and stays as it is (within a string), only the smaller tree has
// to be walked.
import { LRUCache } from "lru-cache";
import { hasByte, keyOfBytes } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import { addToken, noTokens, removeToken } from "./token_set.ts";
import type { TokenSet } from "./token_set.ts";
import type { TokenTrie } from "./trie.ts";

export interface Slice {
  /** Tokens of the bytes of the set alone that no other token of `rest` goes through. */
  readonly covered: TokenSet;
  /** The same tokens, longest first, and their lengths in bytes. */
  readonly coveredIds: Int32Array;
  readonly coveredLengths: Uint16Array;
  /** The tree without the nodes below which every byte is in the set, and on the way to which every byte is. */
  readonly rest: TokenTrie;
}

const KEPT_SLICES = 16;

/** A vocabulary's tree and its slices; one for each tokenizer, shared by all constraints. */
export class SlicedVocabulary {
  readonly trie: TokenTrie;
  readonly #slices = new LRUCache<string, Slice>({ max: KEPT_SLICES });

  constructor(trie: TokenTrie) {
    this.trie = trie;
  }

  slice(set: ByteSet): Slice {
    const key = keyOfBytes(set);
    let slice = this.#slices.get(key);
    if (slice === undefined) this.#slices.set(key, slice = cut(this.trie, set));
    return slice;
  }
}

function cut(trie: TokenTrie, set: ByteSet): Slice {
  const { firstToken, ids } = trie;
  const isCovered = coveredNodes(trie, set);
  const covered = noTokens(trie.vocabularySize);
  const kept: number[] = [];
  const byLength = Array.from({ length: trie.longest + 1 }, (): number[] => []);
  for (let node = 0; node < trie.nodeCount; node++) {
    if (isCovered[node] === 0) kept.push(node);
    else {
      for (let t = firstToken[node]!; t < firstToken[node + 1]!; t++) {
        addToken(covered, ids[t]!);
        byLength[trie.depth[node]!]!.push(ids[t]!);
      }
    }
  }
  const coveredIds = Int32Array.from(byLength.toReversed().flat());
  const lengths = byLength.flatMap((tokens, length) => tokens.map(() => length));
  return {
    covered,
    coveredIds,
    coveredLengths: Uint16Array.from(lengths.reverse()),
    rest: restrict(trie, kept),
  };
}

/** The covered tokens of up to `most` bytes; a new set. */
export function coveredUpTo({ covered, coveredIds, coveredLengths }: Slice, most: number): TokenSet {
  const short = covered.slice();
  for (let i = 0; i < coveredIds.length && coveredLengths[i]! > most; i++) removeToken(short, coveredIds[i]!);
  return short;
}

/** 1 for each node whose path and subtree have bytes of the set alone. */
function coveredNodes({ nodeCount, byte, depth, skip, longest }: TokenTrie, set: ByteSet): Uint8Array {
  const path = new Uint8Array(longest + 1); // by depth: the way to there has bytes of the set alone
  path[0] = 1;
  const covered = new Uint8Array(nodeCount);
  for (let node = 1; node < nodeCount; node++) {
    const level = depth[node]!;
    covered[node] = path[level] = path[level - 1]! & (hasByte(set, byte[node]!) ? 1 : 0);
  }
  for (let node = nodeCount - 1; node >= 0; node--) { // children come behind their parents
    for (let child = node + 1; child < skip[node]! && covered[node] === 1; child = skip[child]!) {
      covered[node]! &= covered[child]!;
    }
  }
  return covered;
}

function restrict(trie: TokenTrie, kept: readonly number[]): TokenTrie {
  const renamed = new Int32Array(trie.nodeCount + 1); // the first kept node from a node on
  let next = kept.length;
  for (let node = trie.nodeCount, k = kept.length - 1; node >= 0; node--) {
    if (kept[k] === node) next = k--;
    renamed[node] = next;
  }
  const firstToken = new Int32Array(kept.length + 1);
  const ids: number[] = [];
  kept.forEach((node, k) => {
    firstToken[k] = ids.length;
    for (let t = trie.firstToken[node]!; t < trie.firstToken[node + 1]!; t++) ids.push(trie.ids[t]!);
  });
  firstToken[kept.length] = ids.length;
  return {
    vocabularySize: trie.vocabularySize,
    nodeCount: kept.length,
    byte: Uint8Array.from(kept, (node) => trie.byte[node]!),
    depth: Uint16Array.from(kept, (node) => trie.depth[node]!),
    skip: Int32Array.from(kept, (node) => renamed[trie.skip[node]!]!),
    firstToken,
    ids: Int32Array.from(ids),
    longest: trie.longest,
  };
}
