// What is written of tokens, in few blocks of memory: an array for each takes longer to make than to fill, and a text
// of strange characters has a hundred thousand.
import { IdList } from "./models/id_list.ts";

const encoder = new TextEncoder();

/** Bytes of a block; an entry that is longer has one of its own. */
const BLOCK = 2 ** 18;
/** UTF-8 bytes of a UTF-16 unit, at most. */
const MOST_BYTES = 3;
/** Bytes that are copied at once: byte by byte takes three times as long. */
const WORD = 4;

/** Texts as UTF-8, and how many UTF-16 units of a path each stands for. */
export class Entries {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = []; // each a word longer than what is written
  readonly #words: DataView[] = []; // of them
  readonly #ofBlock = new IdList(256);
  readonly #starts = new IdList(256); // in its block
  readonly #bytes = new IdList(256);
  readonly #units = new IdList(256);
  #filled = BLOCK; // of the last block

  get count(): number {
    return this.#starts.count;
  }

  bytesOf(entry: number): number {
    return this.#bytes.values[entry]!;
  }

  unitsOf(entry: number): number {
    return this.#units.values[entry]!;
  }

  /** A new entry: its number. */
  add(text: string, units: number): number {
    const most = MOST_BYTES * text.length;
    if (this.#filled + most > BLOCK) {
      const block = new Uint8Array(Math.max(most, BLOCK) + WORD);
      this.#blocks.push(block);
      this.#words.push(new DataView(block.buffer));
      this.#filled = 0;
    }
    const block = this.#blocks.length - 1;
    const { written } = encoder.encodeInto(text, this.#blocks[block]!.subarray(this.#filled));
    this.#ofBlock.push(block);
    this.#starts.push(this.#filled);
    this.#bytes.push(written);
    this.#units.push(units);
    this.#filled += written;
    return this.count - 1;
  }

  /** Writes an entry; says where it ends. What lies behind it for a word is overwritten too, where there is as much. */
  copy(entry: number, json: DataView, to: number): number {
    const words = this.#words[this.#ofBlock.values[entry]!]!;
    const start = this.#starts.values[entry]!;
    const bytes = this.#bytes.values[entry]!;
    if (to + bytes + WORD <= json.byteLength) {
      for (let at = 0; at < bytes; at += WORD) json.setInt32(to + at, words.getInt32(start + at, true), true);
    } else {
      for (let at = 0; at < bytes; at++) json.setUint8(to + at, words.getUint8(start + at));
    }
    return to + bytes;
  }
}
