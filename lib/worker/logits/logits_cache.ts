// The last distributions by path, so that changed sampling settings never cost a forward pass. Guesses, which no
// request has asked for yet, are kept apart: they never push out what a request has asked for. Speed only, like every
// cache.
import { LRUCache } from "lru-cache";
import { pathKeyOf } from "../../basics/path_key.ts";

const SEEN_BYTES = 48 * 2 ** 20;
const GUESSED_BYTES = 16 * 2 ** 20;

type Logits = Float32Array;

export class LogitsCache {
  readonly #seen: LRUCache<string, Logits>;
  readonly #guessed: LRUCache<string, Logits>;
  #guessesUsed = 0;
  #guessesLost = 0;

  /** `seenBytes`: budget of the distributions that were asked for. */
  constructor(seenBytes = SEEN_BYTES) {
    this.#seen = new LRUCache({ maxSize: seenBytes, sizeCalculation: ({ byteLength }) => byteLength });
    this.#guessed = new LRUCache({
      maxSize: GUESSED_BYTES,
      sizeCalculation: ({ byteLength }) => byteLength,
      dispose: (_logits, _key, reason) => {
        if (reason === "evict") this.#guessesLost++; // not where it was used, replaced or cleared
      },
    });
  }

  /** Guesses that a request asked for afterwards. */
  get guessesUsed(): number {
    return this.#guessesUsed;
  }

  /** Guesses that went unused because room was needed for others. */
  get guessesLost(): number {
    return this.#guessesLost;
  }

  /** The logits after `ids`, asked for now; null where they are not known. */
  recall(ids: readonly number[]): Logits | null {
    const key = pathKeyOf(ids);
    const guess = this.#guessed.get(key);
    if (guess === undefined) return this.#seen.get(key) ?? null;
    this.#guessesUsed++;
    this.#guessed.delete(key);
    this.#seen.set(key, guess);
    return guess;
  }

  /** The logits after `ids` where a request has asked for them; counts as no use. */
  peek(ids: readonly number[]): Logits | null {
    return this.#seen.peek(pathKeyOf(ids)) ?? null;
  }

  has(ids: readonly number[]): boolean {
    const key = pathKeyOf(ids);
    return this.#seen.has(key) || this.#guessed.has(key);
  }

  remember(ids: readonly number[], logits: Logits): void {
    const key = pathKeyOf(ids);
    this.#guessed.delete(key);
    this.#seen.set(key, logits);
  }

  guess(ids: readonly number[], logits: Logits): void {
    this.#guessed.set(pathKeyOf(ids), logits);
  }

  clear(): void {
    this.#seen.clear();
    this.#guessed.clear();
  }
}
