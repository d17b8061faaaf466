// Key and value tensors in native memory: allocation, copies of a prefix, release.
//
// OWNERSHIP: a KvBuffers owns its tensors and releases them in `free`, once, however often it is called. Who calls it:
// kv.ts when the last handle goes, runner.ts for the scratch of a lookahead.
import type { Ort } from "../../ort/api.ts";
import { addresses, type Pointer } from "../../ort/memory.ts";
import { createTensor, elementBytes, tensorMemory } from "../../ort/tensor.ts";
import type { CacheSlot, LmLayout } from "../types.ts";

/** What the cache tensors of one model have in common. */
export type CacheShape = Pick<LmLayout, "slots" | "cacheType">;

/** Bytes that the keys and values of one token take in all slots. */
export function bytesPerToken({ slots, cacheType }: CacheShape): number {
  return slots.reduce((sum, slot) => sum + slot.kvHeads * slot.headDim, 0) * elementBytes(cacheType);
}

/** One tensor a slot, each [batch, kvHeads, capacity, headDim]. */
export class KvBuffers {
  /** OrtValue*[] in the order of the slots. */
  readonly table: BigUint64Array<ArrayBuffer>;
  readonly bytes: number;
  #memory: (Uint8Array | undefined)[] = []; // windows on the tensors' memory, opened at the first copy
  #freed = false;

  /** Takes the ownership of `values`. `capacity`: the tokens that each of them has room for. */
  constructor(
    private readonly ort: Ort,
    private readonly shape: CacheShape,
    private readonly values: readonly Pointer[],
    readonly batch: number,
    readonly capacity: number,
  ) {
    this.table = addresses(values);
    this.bytes = batch * capacity * bytesPerToken(shape);
  }

  /** New tensors, their content undefined; throws where memory ends, leaving nothing behind. */
  static allocate(ort: Ort, shape: CacheShape, batch: number, capacity: number): KvBuffers {
    const values: Pointer[] = [];
    try {
      for (const { kvHeads, headDim } of shape.slots) {
        values.push(createTensor(ort, shape.cacheType, [batch, kvHeads, capacity, headDim]));
      }
      return new KvBuffers(ort, shape, values, batch, capacity);
    } catch (error) {
      values.forEach((value) => ort.call.ReleaseValue(value));
      throw error;
    }
  }

  /** Copies the first `length` tokens of batch entry 0 of `source` to batch entry `row` of this. */
  copyPrefix(source: KvBuffers, length: number, row = 0): void {
    if (length > source.capacity || length > this.capacity || row >= this.batch) {
      throw new RangeError(`${length} tokens do not fit between ${source.capacity} and ${this.capacity}`);
    }
    if (length === 0) return;
    this.shape.slots.forEach((slot, index) => {
      const tokenBytes = slot.headDim * elementBytes(this.shape.cacheType);
      const [from, to] = [source.#window(slot, index), this.#window(slot, index)];
      for (let head = 0; head < slot.kvHeads; head++) { // [length, headDim] of one head is contiguous
        const start = head * source.capacity * tokenBytes;
        const target = (row * slot.kvHeads + head) * this.capacity * tokenBytes;
        to.set(from.subarray(start, start + length * tokenBytes), target);
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
    const tokenBytes = slot.kvHeads * slot.headDim * elementBytes(this.shape.cacheType);
    const bytes = this.batch * this.capacity * tokenBytes;
    return this.#memory[index] ??= new Uint8Array(tensorMemory(this.ort, value, bytes));
  }
}
