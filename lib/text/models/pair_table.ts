// Numbers by pairs of numbers, for merges and tries: open addressing in typed arrays. A Map with joined keys takes
// several times the memory and the time, and a vocabulary has up to a million pairs.

const EMPTY = -1;

export class PairTable {
  #firsts: Int32Array;
  #seconds: Int32Array;
  #values: Int32Array;
  #count = 0;

  /** `expected`: about how many pairs will be set. */
  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, 2 * expected)));
    this.#firsts = new Int32Array(capacity).fill(EMPTY);
    this.#seconds = new Int32Array(capacity);
    this.#values = new Int32Array(capacity);
  }

  /** Value of a pair of numbers from 0; -1 where it has none. */
  get(first: number, second: number): number {
    const at = this.#slot(first, second);
    return this.#firsts[at] === EMPTY ? -1 : this.#values[at]!;
  }

  set(first: number, second: number, value: number): void {
    if (2 * (this.#count + 1) > this.#firsts.length) this.#grow();
    const at = this.#slot(first, second);
    if (this.#firsts[at] === EMPTY) this.#count++;
    this.#firsts[at] = first;
    this.#seconds[at] = second;
    this.#values[at] = value;
  }

  /** Where the pair is, or would be. */
  #slot(first: number, second: number): number {
    const mask = this.#firsts.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let at = hash & mask;; at = (at + 1) & mask) {
      const found = this.#firsts[at];
      if (found === EMPTY || found === first && this.#seconds[at] === second) return at;
    }
  }

  #grow(): void {
    const [firsts, seconds, values] = [this.#firsts, this.#seconds, this.#values];
    this.#firsts = new Int32Array(2 * firsts.length).fill(EMPTY);
    this.#seconds = new Int32Array(2 * firsts.length);
    this.#values = new Int32Array(2 * firsts.length);
    this.#count = 0;
    for (let at = 0; at < firsts.length; at++) {
      if (firsts[at] !== EMPTY) this.set(firsts[at]!, seconds[at]!, values[at]!);
    }
  }
}
