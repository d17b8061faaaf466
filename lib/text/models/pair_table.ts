// Numbers by pairs of numbers, for merges and tries: open addressing in a typed array. A Map with joined keys takes
// several times the memory and the time, and a vocabulary has up to a million pairs.

const EMPTY = -1;
/** Numbers of a slot. */
const SLOT = 4;

export class PairTable {
  /** Of each pair its numbers and its value, and one that is not used: a slot lies in one cache line. */
  #slots: Int32Array<ArrayBuffer>;
  #mask: number; // slots less 1
  #count = 0;

  /** `expected`: about how many pairs will be set. */
  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, 2 * expected)));
    this.#slots = createSlots(capacity);
    this.#mask = capacity - 1;
  }

  /** A table over the `slots` of another one, to be read only. Throws a RangeError where they are none. */
  static over(slots: Int32Array<ArrayBuffer>): PairTable {
    const capacity = slots.length / SLOT;
    if (capacity < 1 || !Number.isInteger(Math.log2(capacity))) throw new RangeError("These are no slots.");
    const table = new PairTable(0);
    table.#slots = slots;
    table.#mask = capacity - 1;
    table.#count = capacity;
    return table;
  }

  /** All that the table is, see `over`. */
  get slots(): Int32Array<ArrayBuffer> {
    return this.#slots;
  }

  /** Value of a pair of numbers from 0; -1 where it has none. */
  get(first: number, second: number): number {
    const at = this.#slot(first, second);
    return this.#slots[at] === EMPTY ? -1 : this.#slots[at + 2]!;
  }

  set(first: number, second: number, value: number): void {
    if (2 * (this.#count + 1) > this.#mask + 1) this.#grow();
    const at = this.#slot(first, second);
    const slots = this.#slots;
    if (slots[at] === EMPTY) this.#count++;
    slots[at] = first;
    slots[at + 1] = second;
    slots[at + 2] = value;
  }

  /** Where the pair is, or would be. */
  #slot(first: number, second: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let place = hash & mask;; place = (place + 1) & mask) {
      const at = SLOT * place;
      const found = slots[at];
      if (found === EMPTY || found === first && slots[at + 1] === second) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const capacity = 2 * (this.#mask + 1);
    this.#slots = createSlots(capacity);
    this.#mask = capacity - 1;
    this.#count = 0;
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at] !== EMPTY) this.set(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}

function createSlots(capacity: number): Int32Array<ArrayBuffer> {
  return new Int32Array(SLOT * capacity).fill(EMPTY);
}
