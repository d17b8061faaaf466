// Pairs of a word that can be merged, in the order of their ranks, then of their places. Where one letter is repeated a
// million times there are a million pairs of one rank, found from left to right: such a list is in order as it is.
import { IdList } from "./id_list.ts";

export class Candidates {
  /** The one that was taken last. */
  rank = -1;
  place = -1;
  readonly #places = new Map<number, Places>(); // of each rank
  readonly #ranks = new MinHeap(); // those that have places

  add(rank: number, place: number): void {
    let places = this.#places.get(rank);
    if (places === undefined) this.#places.set(rank, places = new Places());
    if (places.isEmpty()) this.#ranks.push(rank);
    places.add(place);
  }

  /** Takes the first one; false where there is none. */
  take(): boolean {
    if (this.#ranks.size === 0) return false;
    const rank = this.#ranks.least;
    const places = this.#places.get(rank)!;
    this.rank = rank;
    this.place = places.take();
    if (places.isEmpty()) this.#ranks.pop();
    return true;
  }
}

/** Numbers, the least first: those that came in order, and the others. */
class Places {
  readonly #inOrder = new IdList(16);
  #taken = 0; // of them
  #late: MinHeap | null = null;

  isEmpty(): boolean {
    return this.#taken === this.#inOrder.count && (this.#late === null || this.#late.size === 0);
  }

  add(place: number): void {
    const list = this.#inOrder;
    if (this.#taken === list.count) list.count = this.#taken = 0;
    if (list.count === 0 || place >= list.values[list.count - 1]!) list.push(place);
    else (this.#late ??= new MinHeap()).push(place);
  }

  take(): number {
    const { values, count } = this.#inOrder;
    const late = this.#late;
    if (late === null || late.size === 0 || this.#taken < count && values[this.#taken]! <= late.least) {
      return values[this.#taken++]!;
    }
    return late.pop();
  }
}

/** Numbers, the least first. */
class MinHeap {
  readonly #keys: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get least(): number {
    return this.#keys[0]!;
  }

  push(key: number): void {
    const keys = this.#keys;
    let at = keys.push(key) - 1;
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
    const key = keys.pop()!;
    if (keys.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= keys.length) break;
      if (child + 1 < keys.length && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = key;
    return least;
  }
}
