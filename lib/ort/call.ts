// Memory that a non-blocking call reads and writes. It is native: a Worker may end in the middle of a call, and its
// JavaScript heap goes at once while native code goes on to the end (a write into it then hits freed memory). Keys and
// values of a text lie in such a block for the same reason.
//
// OWNERSHIP: each of these is freed by its `free`, once, after the calls that use it have settled. A Worker that ended
// before leaks it, together with the session.
import type { Ort } from "./api.ts";
import { POINTER_BYTES, toCString } from "./memory.ts";
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

/** What native code is given for runs that take and give values of the same names. */
interface RunMemory {
  readonly inputNames: BigUint64Array<ArrayBuffer>; // char*[]
  readonly values: BigUint64Array<ArrayBuffer>; // OrtValue*[], null
  readonly outputNames: BigUint64Array<ArrayBuffer>; // char*[]
  readonly results: BigUint64Array<ArrayBuffer>; // OrtValue*[], null
  free(): void;
}

/** The tables of such runs, in one block. */
export function runMemory(ort: Ort, inputs: readonly string[], outputs: readonly string[]): RunMemory {
  const names = [...inputs, ...outputs].map(toCString);
  const tableBytes = 2 * names.length * POINTER_BYTES;
  const block = allocate(ort, names.reduce((sum, name) => sum + name.length, tableBytes));
  let name = tableBytes; // where the next one goes
  const addresses = names.map((bytes) => {
    const address = block.address + BigInt(name);
    new Uint8Array(block.memory, name, bytes.length).set(bytes);
    name += bytes.length;
    return address;
  });
  let at = 0;
  const table = (content: readonly bigint[]) => {
    const entries = new BigUint64Array(block.memory, at, content.length);
    entries.set(content);
    at += entries.byteLength;
    return entries;
  };
  const nulls = (count: number) => new Array<bigint>(count).fill(0n);
  return {
    inputNames: table(addresses.slice(0, inputs.length)),
    values: table(nulls(inputs.length)),
    outputNames: table(addresses.slice(inputs.length)),
    results: table(nulls(outputs.length)),
    free: block.free,
  };
}
