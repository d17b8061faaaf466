// Memory on the border to native code: pointer tables and C strings that stay where they are (an explicit ArrayBuffer
// lies outside the moving heap), and pointers that come back.

/** An address that native code gave us. */
export type Pointer = Deno.PointerObject;

export const POINTER_BYTES = 8;

/** A table of `count` pointers, all null, outside the moving heap. */
export function allocatePointers(count: number): BigUint64Array<ArrayBuffer> {
  return new BigUint64Array(new ArrayBuffer(count * POINTER_BYTES));
}

/** The addresses of `values`, in their order. */
export function addressesOf(values: readonly Pointer[]): BigUint64Array<ArrayBuffer> {
  const table = allocatePointers(values.length);
  values.forEach((value, i) => table[i] = Deno.UnsafePointer.value(value));
  return table;
}

/** Entry `index` of a pointer table; throws where it is null. */
export function readPointer(table: BigUint64Array<ArrayBufferLike>, index: number): Pointer {
  const pointer = Deno.UnsafePointer.create(table[index] ?? 0n);
  if (pointer === null) throw new Error("ONNX Runtime gave a null pointer where a value was promised");
  return pointer;
}

/** A NUL-terminated UTF-8 string outside the moving heap. */
export function toCString(value: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(value);
  const owned = new Uint8Array(new ArrayBuffer(bytes.length + 1));
  owned.set(bytes);
  return owned;
}

/** A file path as ONNX Runtime wants it (ORTCHAR_T): UTF-16 on Windows, UTF-8 elsewhere. */
export function toCPath(path: string, os: string = Deno.build.os): Uint8Array<ArrayBuffer> {
  if (os !== "windows") return toCString(path);
  const units = new Uint16Array(new ArrayBuffer((path.length + 1) * 2));
  for (let i = 0; i < path.length; i++) units[i] = path.charCodeAt(i);
  return new Uint8Array(units.buffer);
}

/** The C string at `pointer`. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}
