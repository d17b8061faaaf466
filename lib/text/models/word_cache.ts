// Words come again: the ids of short ones are kept, as numbers in typed arrays. As strings they would keep the texts
// alive that they were cut from, and a text of strange words would be work for the garbage collector.
import type { IdList } from "./id_list.ts";

const SLOTS = 2 ** 15;
const MOST_WORDS = 20_000;
const MOST_UNITS = 2 ** 18;
const MOST_IDS = 2 ** 17;
/** UTF-16 units, and ids, up to which a word is kept. */
const KEPT_UNITS = 255;
const KEPT_IDS = 2 ** 16 - 1;

/** Ids by words. What is added last is the last word that was asked for. */
export class WordCache {
  // Of each slot its word's hash, where its units and its ids begin, and a number that has how many of both there are
  // and whether all characters have a token; 0 where there is no word.
  readonly #slots = new Int32Array(4 * SLOTS);
  readonly #units = new Uint16Array(MOST_UNITS);
  readonly #ids = new Int32Array(MOST_IDS);
  #words = 0;
  #unitsKept = 0;
  #idsKept = 0;
  #slot = 0; // where the word that was asked for is, or would be
  #hash = 0;

  /** Adds the ids of a word to `ids`: whether all of its characters have a token; null where the word is not known. */
  write(word: string, ids: IdList): boolean | null {
    if (word.length > KEPT_UNITS || word.length === 0 || !this.#find(word)) return null;
    const [from, counts] = [this.#slots[this.#slot + 2]!, this.#slots[this.#slot + 3]!];
    const to = from + (counts >>> 9);
    for (let at = from; at < to; at++) ids.push(this.#ids[at]!);
    return (counts & 0x100) !== 0;
  }

  /** Keeps the ids from `start` on for the word that was not known. */
  keep(word: string, ids: IdList, start: number, complete: boolean): void {
    const count = ids.count - start;
    if (word.length > KEPT_UNITS || word.length === 0 || count > KEPT_IDS) return;
    const full = this.#words === MOST_WORDS || this.#unitsKept + word.length > MOST_UNITS ||
      this.#idsKept + count > MOST_IDS;
    if (full) this.#clear(word); // a long text of strange words is not kept for ever
    const slots = this.#slots;
    const slot = this.#slot;
    slots[slot] = this.#hash;
    slots[slot + 1] = this.#unitsKept;
    slots[slot + 2] = this.#idsKept;
    slots[slot + 3] = word.length | (complete ? 0x100 : 0) | count << 9;
    for (let at = 0; at < word.length; at++) this.#units[this.#unitsKept++] = word.charCodeAt(at);
    for (let at = start; at < ids.count; at++) this.#ids[this.#idsKept++] = ids.values[at]!;
    this.#words++;
  }

  #clear(word: string): void {
    this.#slots.fill(0);
    this.#words = this.#unitsKept = this.#idsKept = 0;
    this.#find(word);
  }

  #find(word: string): boolean {
    let hash = word.length;
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x9e3779b1);
    hash ^= hash >>> 15;
    this.#hash = hash;
    const slots = this.#slots;
    for (let place = hash & SLOTS - 1;; place = place + 1 & SLOTS - 1) {
      const slot = this.#slot = 4 * place;
      const counts = slots[slot + 3]!;
      if (counts === 0) return false;
      if (slots[slot] === hash && (counts & 0xff) === word.length && this.#isAt(word, slots[slot + 1]!)) {
        return true;
      }
    }
  }

  #isAt(word: string, start: number): boolean {
    for (let at = 0; at < word.length; at++) {
      if (this.#units[start + at] !== word.charCodeAt(at)) return false;
    }
    return true;
  }
}
