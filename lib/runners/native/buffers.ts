// Cache tensors in native memory: allocation, copies of a prefix, release.
//
// OWNERSHIP: a KvBuffers owns its tensors and releases them in `free`, once, however often it is called. Who calls it:
// kv.ts when the last handle goes, runner.ts for the scratch of a lookahead.
import type { Ort } from "../../ort/api.ts";
import { addresses, type Pointer } from "../../ort/memory.ts";
import { createTensor, elementBytes, elementCount, tensorMemory } from "../../ort/tensor.ts";
import { slotDims, slotRows } from "../slots.ts";
import type { CacheSlot } from "../types.ts";

/** Bytes that the caches of a text of `tokens` take in all slots. */
export function textBytes(slots: readonly CacheSlot[], tokens: number): number {
  return slots.reduce((sum, slot) => sum + elementCount(slotDims(slot, tokens)) * elementBytes(slot.type), 0);
}

/** One tensor a slot, with room for `capacity` tokens where it grows with them. */
export class KvBuffers {
  /** OrtValue*[] in the order of the slots. */
  readonly table: BigUint64Array<ArrayBuffer>;
  readonly bytes: number;
  #memory: (Uint8Array | undefined)[] = []; // windows on the tensors' memory, opened at the first copy
  #freed = false;

  /** Takes the ownership of `values`. `capacity`: the tokens that each of them has room for. */
  constructor(
    private readonly ort: Ort,
    private readonly slots: readonly CacheSlot[],
    private readonly values: readonly Pointer[],
    readonly batch: number,
    readonly capacity: number,
  ) {
    this.table = addresses(values);
    this.bytes = batch * textBytes(slots, capacity);
  }

  /** New tensors: room for tokens of undefined content, and states of zeros. Throws where memory ends, leaving nothing
   * behind. */
  static allocate(ort: Ort, slots: readonly CacheSlot[], batch: number, capacity: number): KvBuffers {
    const values: Pointer[] = [];
    try {
      for (const slot of slots) {
        values.push(createTensor(ort, slot.type, slotDims(slot, capacity, batch)));
      }
      const buffers = new KvBuffers(ort, slots, values, batch, capacity);
      slots.forEach((slot, index) => {
        if (!slotRows(slot).grows) buffers.#window(slot, index).fill(0);
      });
      return buffers;
    } catch (error) {
      values.forEach((value) => ort.call.ReleaseValue(value));
      throw error;
    }
  }

  /** Copies the first `length` tokens of batch entry 0 of `source` to batch entry `row` of this, and its states. */
  copyPrefix(source: KvBuffers, length: number, row = 0): void {
    if (length > source.capacity || length > this.capacity || row >= this.batch) {
      throw new RangeError(`${length} tokens do not fit between ${source.capacity} and ${this.capacity}`);
    }
    this.slots.forEach((slot, index) => {
      const { rows, width, grows } = slotRows(slot);
      const bytes = width * elementBytes(slot.type); // of a token, or of the whole state
      const [count, from, to] = grows ? [length, source.capacity, this.capacity] : [1, 1, 1];
      if (count === 0) return;
      const [before, after] = [source.#window(slot, index), this.#window(slot, index)];
      for (let r = 0; r < rows; r++) { // the tokens of one row are contiguous
        const start = r * from * bytes;
        after.set(before.subarray(start, start + count * bytes), (row * rows + r) * to * bytes);
      }
    });
  }

  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#memory = [];
    for (const value of this.values) this.ort.call.ReleaseValue(value);
  }

  #window(slot: CacheSlot, index: number): Uint8Array {
    const value = this.values[index];
    if (this.#freed || value === undefined) throw new Error("These cache tensors were released");
    const bytes = elementCount(slotDims(slot, this.capacity, this.batch)) * elementBytes(slot.type);
    return this.#memory[index] ??= new Uint8Array(tensorMemory(this.ort, value, bytes));
  }
}
