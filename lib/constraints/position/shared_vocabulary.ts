// A vocabulary's bytes in memory that threads share: the thread that reads constraints may be ended at any moment, and
// the next one begins without a copy.
import type { TokenBytes } from "../tokens/trie.ts";

export interface SharedVocabulary {
  /** The same for the same tokens. */
  readonly key: string;
  /** The bytes of all tokens, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each token's bytes begin; they end where the next one's begin. [tokens + 1] */
  readonly starts: Uint32Array;
  /** The tokens that end a text. */
  readonly ends: readonly number[];
}

/** Tokens that are read between two pauses: a few milliseconds. */
const SLICE = 8192;

/** Copies a vocabulary, with a pause at every yield. What is no text (`bytes` gives null) has no bytes. */
export function* shareVocabulary(
  key: string,
  source: TokenBytes,
  ends: readonly number[],
): Generator<void, SharedVocabulary> {
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (source.size + 1)));
  const tokens: (Uint8Array | null)[] = [];
  for (let id = 0; id < source.size; id++) {
    const token = source.bytes(id);
    tokens.push(token);
    starts[id + 1] = starts[id]! + (token?.length ?? 0);
    if (id % SLICE === SLICE - 1) yield;
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(starts[source.size]!));
  tokens.forEach((token, id) => token !== null && bytes.set(token, starts[id]!));
  return { key, bytes, starts, ends };
}

/** The bytes of a token; none for what is no text. */
export function bytesOfToken({ bytes, starts }: SharedVocabulary, id: number): Uint8Array {
  return bytes.subarray(starts[id]!, starts[id + 1]!);
}

/** As the tree of a vocabulary is built from. */
export function tokenBytesOf(shared: SharedVocabulary): TokenBytes {
  return { size: shared.starts.length - 1, bytes: (id) => bytesOfToken(shared, id) };
}
