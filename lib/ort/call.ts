// Memory that a non-blocking call reads and writes. It is native: a Worker may end in the middle of a call, and its
// JavaScript heap goes at once while native code goes on to the end (a write into it then hits freed memory). Keys and
// values of a text lie in such a block for the same reason.
//
// OWNERSHIP: each of these is freed by its `free`, once, after the calls that use it have settled. A Worker that ended
// before leaks it, together with the session.
import type { Ort } from "./api.ts";
import { allocatePointers, POINTER_BYTES, toCString } from "./memory.ts";
import type { Pointer } from "./memory.ts";

/** Native memory of a fixed size, its content undefined. */
export interface Block {
  readonly address: bigint;
  /** A window on it, dead after `free`. */
  readonly memory: ArrayBuffer;
  free(): void;
}

/** Memory of `bytes` (1 or more) from ONNX Runtime's allocator. Throws where there is none. */
export function allocate(ort: Ort, bytes: number): Block {
  const pointer: Pointer = ort.out((slot) => ort.call.AllocatorAlloc(ort.allocator, BigInt(bytes), slot));
  return {
    address: Deno.UnsafePointer.value(pointer),
    memory: Deno.UnsafePointerView.getArrayBuffer(pointer, bytes),
    free: () => ort.check(ort.call.AllocatorFree(ort.allocator, pointer)),
  };
}

/** Names in the order in which a run takes or gives values. */
export interface NameTable {
  readonly count: number;
  readonly bytes: Uint8Array<ArrayBuffer>; // NUL-terminated strings, one after the other
  readonly offsets: readonly number[]; // where each begins
}

/** Names for {@link runMemory}, made once and used for many runs. */
export function nameTable(names: readonly string[]): NameTable {
  const strings = names.map(toCString);
  const bytes = new Uint8Array(strings.reduce((sum, string) => sum + string.length, 0));
  const offsets: number[] = [];
  let at = 0;
  for (const string of strings) {
    bytes.set(string, at);
    offsets.push(at);
    at += string.length;
  }
  return { count: names.length, bytes, offsets };
}

/** The tables of one run, as native code wants them. */
interface RunMemory {
  readonly inputNames: BigUint64Array<ArrayBuffer>; // char*[]
  readonly values: BigUint64Array<ArrayBuffer>; // OrtValue*[]
  readonly outputNames: BigUint64Array<ArrayBuffer>; // char*[]
  readonly results: BigUint64Array<ArrayBuffer>; // OrtValue*[]
  free(): void;
}

/** Copies of everything that a run is given, in one block. */
export function runMemory(
  ort: Ort,
  inputs: NameTable,
  values: BigUint64Array<ArrayBuffer>,
  outputs: NameTable,
  results: BigUint64Array<ArrayBuffer>,
): RunMemory {
  const tableBytes = 2 * (inputs.count + outputs.count) * POINTER_BYTES;
  const block = allocate(ort, tableBytes + inputs.bytes.length + outputs.bytes.length);
  let at = 0;
  const table = (content: BigUint64Array<ArrayBuffer>) => {
    const copy = new BigUint64Array(block.memory, at, content.length);
    copy.set(content);
    at += content.byteLength;
    return copy;
  };
  const strings = new Uint8Array(block.memory, tableBytes);
  strings.set(inputs.bytes);
  strings.set(outputs.bytes, inputs.bytes.length);
  const first = block.address + BigInt(tableBytes);
  return {
    inputNames: table(placeNames(inputs, first)),
    values: table(values),
    outputNames: table(placeNames(outputs, first + BigInt(inputs.bytes.length))),
    results: table(results),
    free: block.free,
  };
}

function placeNames({ count, offsets }: NameTable, address: bigint): BigUint64Array<ArrayBuffer> {
  const table = allocatePointers(count);
  offsets.forEach((offset, i) => table[i] = address + BigInt(offset));
  return table;
}
