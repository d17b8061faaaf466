// Cache tensors in native memory: allocation, copies of a prefix, release.
//
// OWNERSHIP: a KvBuffers owns its tensors and releases them in `free`, once, however often it is called. Who calls it:
// kv.ts when the last handle goes, runner.ts for the scratch of a lookahead.
import type { Ort } from "../../ort/api.ts";
import { allocate, type Block } from "../../ort/call.ts";
import { addressesOf, type Pointer } from "../../ort/memory.ts";
import {
  countElements,
  createTensor,
  createTensorOver,
  elementBytesOf,
  viewMemory,
} from "../../ort/tensor.ts";
import { slotDimsOf, slotRowsOf } from "../slots.ts";
import type { CacheSlot } from "../types.ts";

/** Bytes that the caches of a text of `tokens` take in all slots. */
export function countTextBytes(slots: readonly CacheSlot[], tokens: number): number {
  return slots.reduce(
    (sum, slot) => sum + countElements(slotDimsOf(slot, tokens)) * elementBytesOf(slot.type),
    0,
  );
}

/** Where tensors may begin, as ONNX Runtime's own do. */
const ALIGNMENT = 64;

/** Tensors, and the memory that all of them lie in; null: each has its own. */
interface Tensors {
  readonly values: readonly Pointer[];
  readonly block: Block | null;
}

/** One tensor for each of `dims`, all in one block. Throws where memory ends, leaving nothing behind. */
function allocateTogether(
  ort: Ort,
  slots: readonly CacheSlot[],
  dims: readonly (readonly number[])[],
): Tensors {
  const sizes = slots.map(({ type }, index) => countElements(dims[index]!) * elementBytesOf(type));
  const total = sizes.reduce((sum, bytes) => sum + roundUp(bytes), 0);
  if (total === 0) return allocateEach(ort, slots, dims);
  const block = allocate(ort, total + ALIGNMENT);
  const values: Pointer[] = [];
  let address = BigInt(roundUp(Number(block.address)));
  try {
    slots.forEach(({ type }, index) => {
      values.push(createTensorOver(ort, { address, bytes: sizes[index]! }, type, dims[index]!));
      address += BigInt(roundUp(sizes[index]!));
    });
    return { values, block };
  } catch (error) {
    releaseAll(ort, { values, block });
    throw error;
  }
}

/** As `allocateTogether`, in memory of their own. */
function allocateEach(ort: Ort, slots: readonly CacheSlot[], dims: readonly (readonly number[])[]): Tensors {
  const values: Pointer[] = [];
  try {
    slots.forEach(({ type }, index) => values.push(createTensor(ort, type, dims[index]!)));
    return { values, block: null };
  } catch (error) {
    releaseAll(ort, { values, block: null });
    throw error;
  }
}

function releaseAll(ort: Ort, { values, block }: Tensors): void {
  for (const value of values) ort.call.ReleaseValue(value);
  block?.free();
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** One tensor a slot, with room for `capacity` tokens where it grows with them. */
export class KvBuffers {
  /** OrtValue*[] in the order of the slots. */
  readonly table: BigUint64Array<ArrayBuffer>;
  readonly bytes: number;
  #memory: (Uint8Array | undefined)[] = []; // windows on the tensors' memory, opened at the first copy
  #freed = false;

  /** Takes the ownership of the tensors. `capacity`: the tokens that each of them has room for. */
  constructor(
    private readonly ort: Ort,
    private readonly slots: readonly CacheSlot[],
    private readonly tensors: Tensors,
    readonly batch: number,
    readonly capacity: number,
  ) {
    this.table = addressesOf(tensors.values);
    this.bytes = batch * countTextBytes(slots, capacity);
  }

  /** Takes the ownership of what a run has made for one text of `length` tokens. */
  static adopt(ort: Ort, slots: readonly CacheSlot[], values: readonly Pointer[], length: number): KvBuffers {
    return new KvBuffers(ort, slots, { values, block: null }, 1, length);
  }

  /** New tensors: room for tokens of undefined content, and states of zeros. Those of one text lie in one block: from
   * 3 MiB on (trim_memory.ts) the C library maps it alone, so that it is the system's again when it is freed, and room
   * that is never written takes no memory. Sixty tensors apart left it with holes that no longer text fitted in. A
   * batch is freed by the call that made it: its tensors stay apart. Throws where memory ends, leaving nothing
   * behind. */
  static allocate(ort: Ort, slots: readonly CacheSlot[], batch: number, capacity: number): KvBuffers {
    const dims = slots.map((slot) => slotDimsOf(slot, capacity, batch));
    const tensors = (batch === 1 ? allocateTogether : allocateEach)(ort, slots, dims);
    try {
      const buffers = new KvBuffers(ort, slots, tensors, batch, capacity);
      slots.forEach((slot, index) => {
        if (!slotRowsOf(slot).grows) buffers.#window(slot, index).fill(0);
      });
      return buffers;
    } catch (error) {
      releaseAll(ort, tensors);
      throw error;
    }
  }

  /** Copies the first `length` tokens of batch entry 0 of `source` to batch entry `row` of this, and its states. */
  copyPrefix(source: KvBuffers, length: number, row = 0): void {
    if (length > source.capacity || length > this.capacity || row >= this.batch) {
      throw new RangeError(`${length} tokens do not fit between ${source.capacity} and ${this.capacity}`);
    }
    this.slots.forEach((slot, index) => {
      const { rows, width, grows } = slotRowsOf(slot);
      const bytes = width * elementBytesOf(slot.type); // of a token, or of the whole state
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
    releaseAll(this.ort, this.tensors);
  }

  #window(slot: CacheSlot, index: number): Uint8Array {
    const value = this.tensors.values[index];
    if (this.#freed || value === undefined) throw new Error("These cache tensors were released");
    const bytes = countElements(slotDimsOf(slot, this.capacity, this.batch)) * elementBytesOf(slot.type);
    return this.#memory[index] ??= new Uint8Array(viewMemory(this.ort, value, bytes));
  }
}
