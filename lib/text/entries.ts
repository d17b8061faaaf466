// What is written of tokens, in few blocks of memory: an array for each takes longer to make than to fill, and a text
// of strange characters has a hundred thousand.
import { IdList } from "./models/id_list.ts";

const encoder = new TextEncoder();

/** Bytes of a block; an entry that is longer has one of its own. */
const BLOCK = 2 ** 18;
/** UTF-8 bytes of a UTF-16 unit, at most. */
const MOST_BYTES = 3;

/** Texts as UTF-8, and how many UTF-16 units of a path each stands for. */
export class Entries {
  readonly #blocks: Uint8Array[] = [];
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
      this.#blocks.push(new Uint8Array(Math.max(most, BLOCK)));
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

  /** Writes an entry; says where it ends. */
  copy(entry: number, json: Uint8Array, to: number): number {
    const block = this.#blocks[this.#ofBlock.values[entry]!]!;
    const start = this.#starts.values[entry]!;
    const end = start + this.#bytes.values[entry]!;
    for (let at = start; at < end; at++) json[to++] = block[at]!;
    return to;
  }
}
