// Cuts a vocabulary's tree in two for a set of bytes: the tokens of those bytes alone, as one set, and a smaller tree
// of everything else. Where a state takes such bytes and stays as it is (within a string), only the smaller tree has
// to be walked.
import { LRUCache } from "lru-cache";
import { bytesOfRanges, hasByte, keyOfBytes } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import { addToken, createTokenSet, removeToken } from "./token_set.ts";
import type { TokenSet } from "./token_set.ts";
import type { TokenTrie } from "./trie.ts";

export interface Slice {
  /** Tokens of the bytes of the set alone (or that are short) that no other token of `rest` goes through. */
  readonly covered: TokenSet;
  /** The same tokens, longest first, and their lengths in bytes. */
  readonly coveredIds: Int32Array;
  readonly coveredLengths: Uint16Array;
  /** The tree without the nodes below which every byte is in the set, and on the way to which every byte is (or without
   * those below which every token is short). */
  readonly rest: TokenTrie;
}

const KEPT_SLICES = 16;

/** Lengths in bytes at which a vocabulary is cut into short and long tokens. */
const CUT_LENGTHS = [8, 16, 32, 64];

/** What stands for itself in a JSON string: ASCII without quote, backslash and control characters. */
export const PLAIN_IN_JSON = bytesOfRanges([0x20, 0x21], [0x23, 0x5b], [0x5d, 0x7f]);

/** A vocabulary's tree and its slices; one for each tokenizer, shared by all constraints. The slice of JSON strings is
 * cut at once, as part of what is made once: no mask has to wait for it. */
export class SlicedVocabulary {
  readonly trie: TokenTrie;
  readonly #slices = new LRUCache<string, Slice>({ max: KEPT_SLICES });
  readonly #nodesAbove = new LRUCache<string, Uint8Array>({ max: KEPT_SLICES });
  readonly #byLength = new Map<number, Slice>();

  constructor(trie: TokenTrie) {
    this.trie = trie;
    this.slice(PLAIN_IN_JSON);
  }

  slice(set: ByteSet): Slice {
    const key = keyOfBytes(set);
    let slice = this.#slices.get(key);
    if (slice === undefined) {
      this.#slices.set(key, slice = cut(this.trie, markCovered(this.trie, set, this.nodesAbove(set))));
    }
    return slice;
  }

  /** 1 for each node of the tree below which every byte is in the set. */
  nodesAbove(set: ByteSet): Uint8Array {
    const key = keyOfBytes(set);
    let nodes = this.#nodesAbove.get(key);
    if (nodes === undefined) this.#nodesAbove.set(key, nodes = markNodesAbove(this.trie, set));
    return nodes;
  }

  /** As `covered` tokens of at most `most` bytes, at best all of those; null where they would be too few. */
  shortTokens(most: number): Slice | null {
    const length = most >= this.trie.longest ? this.trie.longest : CUT_LENGTHS.findLast((cut) => cut <= most);
    if (length === undefined) return null;
    let slice = this.#byLength.get(length);
    if (slice === undefined) {
      this.#byLength.set(length, slice = cut(this.trie, markShortNodes(this.trie, length)));
    }
    return slice;
  }
}

/** From the nodes that are covered: 1 for each. Plain loops over typed arrays: the first cut runs before anything is
 * compiled, while a request waits for a mask. */
function cut(trie: TokenTrie, isCovered: Uint8Array): Slice {
  const { coveredIds, coveredLengths } = sortLongestFirst(trie, isCovered);
  const covered = createTokenSet(trie.vocabularySize);
  for (let i = 0; i < coveredIds.length; i++) addToken(covered, coveredIds[i]!);
  return { covered, coveredIds, coveredLengths, rest: restrict(trie, isCovered) };
}

/** The tokens of the covered nodes, sorted by counting. */
function sortLongestFirst(
  { nodeCount, depth, firstToken, ids, longest }: TokenTrie,
  isCovered: Uint8Array,
): Pick<Slice, "coveredIds" | "coveredLengths"> {
  const next = new Int32Array(longest + 2); // by length: where its next token goes; longer ones go before
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (isCovered[node] === 0) continue;
    const tokens = firstToken[node + 1]! - firstToken[node]!;
    next[depth[node]!]! += tokens;
    count += tokens;
  }
  for (let length = longest, start = 0; length >= 0; length--) {
    const tokens = next[length]!;
    next[length] = start;
    start += tokens;
  }
  const coveredIds = new Int32Array(count);
  const coveredLengths = new Uint16Array(count);
  for (let node = 0; node < nodeCount; node++) {
    if (isCovered[node] === 0) continue;
    const length = depth[node]!;
    for (let t = firstToken[node]!; t < firstToken[node + 1]!; t++) {
      const at = next[length]!;
      next[length] = at + 1;
      coveredIds[at] = ids[t]!;
      coveredLengths[at] = length;
    }
  }
  return { coveredIds, coveredLengths };
}

/** The covered tokens of up to `most` bytes; a new set. */
export function takeCovered({ covered, coveredIds, coveredLengths }: Slice, most: number): TokenSet {
  const short = covered.slice();
  for (let i = 0; i < coveredIds.length && coveredLengths[i]! > most; i++) removeToken(short, coveredIds[i]!);
  return short;
}

/** 1 for each node whose path and subtree have bytes of the set alone; `above`: those whose subtree has. */
function markCovered(
  { nodeCount, byte, depth, longest }: TokenTrie,
  set: ByteSet,
  above: Uint8Array,
): Uint8Array {
  const path = new Uint8Array(longest + 1); // by depth: the way to there has bytes of the set alone
  path[0] = 1;
  const covered = new Uint8Array(nodeCount);
  for (let node = 1; node < nodeCount; node++) {
    const level = depth[node]!;
    path[level] = path[level - 1]! & (hasByte(set, byte[node]!) ? 1 : 0);
    covered[node] = path[level]! & above[node]!;
  }
  return covered;
}

function markNodesAbove({ nodeCount, byte, skip }: TokenTrie, set: ByteSet): Uint8Array {
  const above = new Uint8Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) { // children come behind their parents
    above[node] = 1;
    for (let child = node + 1; child < skip[node]! && above[node] === 1; child = skip[child]!) {
      above[node] = above[child]! & (hasByte(set, byte[child]!) ? 1 : 0);
    }
  }
  return above;
}

/** 1 for each node below which no token is longer than `most` bytes. */
function markShortNodes({ nodeCount, depth, skip }: TokenTrie, most: number): Uint8Array {
  const short = new Uint8Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) { // children come behind their parents
    short[node] = depth[node]! <= most ? 1 : 0;
    for (let child = node + 1; child < skip[node]! && short[node] === 1; child = skip[child]!) {
      short[node]! &= short[child]!;
    }
  }
  return short;
}

/** The tree of the nodes that are not covered. */
function restrict(trie: TokenTrie, isCovered: Uint8Array): TokenTrie {
  const { nodeCount } = trie;
  const renamed = new Int32Array(nodeCount + 1); // the first kept node from a node on
  let kept = 0;
  let tokens = 0;
  for (let node = 0; node < nodeCount; node++) {
    renamed[node] = kept;
    if (isCovered[node] === 1) continue;
    kept++;
    tokens += trie.firstToken[node + 1]! - trie.firstToken[node]!;
  }
  renamed[nodeCount] = kept;
  const byte = new Uint8Array(kept);
  const depth = new Uint16Array(kept);
  const skip = new Int32Array(kept);
  const firstToken = new Int32Array(kept + 1);
  const ids = new Int32Array(tokens);
  for (let node = 0, k = 0, next = 0; node < nodeCount; node++) {
    if (isCovered[node] === 1) continue;
    byte[k] = trie.byte[node]!;
    depth[k] = trie.depth[node]!;
    skip[k] = renamed[trie.skip[node]!]!;
    firstToken[k] = next;
    for (let t = trie.firstToken[node]!; t < trie.firstToken[node + 1]!; t++) ids[next++] = trie.ids[t]!;
    k++;
  }
  firstToken[kept] = tokens;
  const { vocabularySize, longest } = trie;
  return { vocabularySize, nodeCount: kept, byte, depth, skip, firstToken, ids, longest };
}
