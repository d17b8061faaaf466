// The vocabulary as a tree over its tokens' bytes, flat and depth first: a walk is one loop, and a subtree that cannot
// match is skipped by an index.

/** A vocabulary as far as the tree needs it. */
export interface TokenBytes {
  /** Ids from 0 to size − 1 have a logit. */
  readonly size: number;
  /** The exact bytes of a token, or null for what is no text: special tokens and unused ids. */
  bytes(id: number): Uint8Array | null;
}

/** Node 0 is the root; nodes are in depth-first order, children by rising byte. */
export interface TokenTrie {
  /** Ids with a logit. */
  readonly vocabularySize: number;
  readonly nodeCount: number;
  /** The last byte on the way to a node. [nodes] */
  readonly byte: Uint8Array;
  /** Bytes on the way to a node. [nodes] */
  readonly depth: Uint16Array;
  /** The first node behind a node's subtree. [nodes] */
  readonly skip: Int32Array;
  /** Where a node's own tokens begin in `ids`; they end where the next node's begin. [nodes + 1] */
  readonly firstToken: Int32Array;
  /** Token ids in the order of their nodes. [tokens with text] */
  readonly ids: Int32Array;
  /** Bytes of the longest token. */
  readonly longest: number;
}

/** Tokens or nodes handled between two pauses: a few milliseconds. */
const SLICE = 8192;

/** Builds the tree, with a pause at every yield. Tokens without bytes are left out: they would be possible everywhere
 * and change nothing. */
export function* buildTokenTrie(source: TokenBytes): Generator<void, TokenTrie> {
  const tree = new LinkedTree(source.size);
  for (let id = source.size - 1; id >= 0; id--) { // downwards: of equal tokens the lowest id comes first
    const bytes = source.bytes(id);
    if (bytes !== null && bytes.length > 0) tree.add(bytes, id);
    if (id % SLICE === 0) yield;
  }
  tree.linkChildren();
  yield;
  return yield* flatten(tree, source.size);
}

/** The same tree while it is made: nodes in any order, children and tokens as linked lists. -1: none. */
class LinkedTree {
  readonly byte = [0];
  readonly parent = [-1];
  readonly firstToken = [-1];
  readonly nextToken: Int32Array;
  firstChild = new Int32Array(0);
  nextSibling = new Int32Array(0);
  tokenCount = 0;
  readonly #children = new Map<number, number>();

  constructor(vocabularySize: number) {
    this.nextToken = new Int32Array(vocabularySize).fill(-1);
  }

  add(bytes: Uint8Array, id: number): void {
    let node = 0;
    for (const byte of bytes) node = this.#child(node, byte);
    this.nextToken[id] = this.firstToken[node]!;
    this.firstToken[node] = id;
    this.tokenCount++;
  }

  #child(parent: number, byte: number): number {
    const key = parent * 256 + byte;
    let node = this.#children.get(key);
    if (node === undefined) {
      node = this.byte.length;
      this.#children.set(key, node);
      this.byte.push(byte);
      this.parent.push(parent);
      this.firstToken.push(-1);
    }
    return node;
  }

  /** Children by rising byte: nodes are put before their siblings from the highest byte to the lowest. */
  linkChildren(): void {
    const count = this.byte.length;
    this.firstChild = new Int32Array(count).fill(-1);
    this.nextSibling = new Int32Array(count).fill(-1);
    const byByte = Array.from({ length: 256 }, (): number[] => []);
    for (let node = 1; node < count; node++) byByte[this.byte[node]!]!.push(node);
    for (const node of byByte.reverse().flat()) {
      const parent = this.parent[node]!;
      this.nextSibling[node] = this.firstChild[parent]!;
      this.firstChild[parent] = node;
    }
  }
}

function* flatten(tree: LinkedTree, vocabularySize: number): Generator<void, TokenTrie> {
  const nodeCount = tree.byte.length;
  const byte = new Uint8Array(nodeCount);
  const depth = new Uint16Array(nodeCount);
  const skip = new Int32Array(nodeCount);
  const firstToken = new Int32Array(nodeCount + 1);
  const ids = new Int32Array(tree.tokenCount);
  let [made, tokens, longest] = [0, 0, 0];
  const path: { readonly linked: number; readonly flat: number }[] = [];
  const enter = (linked: number) => {
    const flat = made++;
    byte[flat] = tree.byte[linked]!;
    depth[flat] = path.length;
    longest = Math.max(longest, path.length);
    firstToken[flat] = tokens;
    for (let id = tree.firstToken[linked]!; id >= 0; id = tree.nextToken[id]!) ids[tokens++] = id;
    path.push({ linked, flat });
    return tree.firstChild[linked]!;
  };
  for (let next = enter(0); path.length > 0;) {
    if (next >= 0) {
      next = enter(next);
      if (made % SLICE === 0) yield;
    } else {
      const { linked, flat } = path.pop()!;
      skip[flat] = made;
      next = tree.nextSibling[linked]!;
    }
  }
  firstToken[nodeCount] = tokens;
  return { vocabularySize, nodeCount, byte, depth, skip, firstToken, ids, longest };
}
