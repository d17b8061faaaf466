// Tensors in ONNX Runtime's memory. JavaScript memory is never lent to a tensor: what goes in is copied into memory
// that the library allocated, what comes out is copied before the value is released.
import { fault } from "../fault.ts";
import type { Ort } from "./api.ts";
import { allocatePointers, type Pointer, readCString } from "./memory.ts";
import type { ElementType, Tensor, TensorInfo } from "./types.ts";

// ONNXTensorElementDataType of onnxruntime_c_api.h
const ELEMENTS: Readonly<Record<ElementType, { readonly code: number; readonly bytes: number }>> = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
};

/** Bytes of one element. */
export function elementBytesOf(type: ElementType): number {
  return ELEMENTS[type].bytes;
}

/** The number of elements of a tensor of these dimensions. */
export function countElements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** A new tensor, its content undefined. The caller owns it: `ReleaseValue` exactly once. */
export function createTensor(ort: Ort, type: ElementType, dims: readonly number[]): Pointer {
  const shape = BigInt64Array.from(dims, BigInt); // read during the blocking call only
  return ort.out((slot) =>
    ort.call.CreateTensorAsOrtValue(ort.allocator, shape, BigInt(dims.length), ELEMENTS[type].code, slot)
  );
}

/** A new tensor over `bytes` of native memory at `address`, which the caller keeps for as long. The caller owns it:
 * `ReleaseValue` exactly once, before the memory goes. */
export function createTensorOver(
  ort: Ort,
  { address, bytes }: { readonly address: bigint; readonly bytes: number },
  type: ElementType,
  dims: readonly number[],
): Pointer {
  const shape = BigInt64Array.from(dims, BigInt); // read during the blocking call only
  const memory = Deno.UnsafePointer.create(address);
  const { code } = ELEMENTS[type];
  return ort.out((slot) =>
    ort.call.CreateTensorWithDataAsOrtValue(
      ...[ort.processorMemory, memory, BigInt(bytes), shape, BigInt(dims.length), code, slot] as const,
    )
  );
}

/** A window on a tensor's memory, dead as soon as the tensor is released. */
export function viewMemory(ort: Ort, value: Pointer, bytes: number): ArrayBuffer {
  if (bytes === 0) return new ArrayBuffer(0); // an empty tensor may have no address
  const data = ort.out((slot) => ort.call.GetTensorMutableData(value, slot));
  return Deno.UnsafePointerView.getArrayBuffer(data, bytes);
}

/** A new tensor that holds a copy of `tensor`; the caller owns it. Throws a RangeError where data and type or
 * dimensions disagree, since native code would read past the end. */
export function toNative(ort: Ort, tensor: Tensor): Pointer {
  const { type, dims, data } = tensor;
  if (data.length !== countElements(dims) || data.BYTES_PER_ELEMENT !== elementBytesOf(type)) {
    throw new RangeError(
      `Expected ${
        countElements(dims)
      } elements of ${type} for the dimensions [${dims}] but found ${data.length}` +
        ` of ${data.BYTES_PER_ELEMENT} bytes`,
    );
  }
  const value = createTensor(ort, type, dims);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  new Uint8Array(viewMemory(ort, value, bytes.length)).set(bytes);
  return value;
}

/** A copy of a native tensor in JavaScript memory; the value stays the caller's. */
export function readNative(ort: Ort, value: Pointer): Tensor {
  const { type, dims, memory } = lookAt(ort, value);
  return { type, dims, data: viewAs(type, memory.slice()) };
}

/** Gives copies of what a native tensor holds at the time. The value stays the caller's, who asks for none when it is
 * released. */
export function createReader(ort: Ort, value: Pointer): () => Tensor["data"] {
  const { type, memory } = lookAt(ort, value);
  return () => viewAs(type, memory.slice());
}

/** What a native tensor holds, and a window on its memory. */
function lookAt(ort: Ort, value: Pointer): Omit<Tensor, "data"> & { readonly memory: ArrayBuffer } {
  const info = ort.out((slot) => ort.call.GetTensorTypeAndShape(value, slot));
  try {
    const { type, shape } = describe(ort, info, "An output");
    const dims = shape.map(Number); // a value that exists has no symbolic dimension
    return { type, dims, memory: viewMemory(ort, value, countElements(dims) * elementBytesOf(type)) };
  } finally {
    ort.call.ReleaseTensorTypeAndShapeInfo(info);
  }
}

/** How many elements a native tensor has; the value stays the caller's. */
export function countTensorElements(ort: Ort, value: Pointer): number {
  const info = ort.out((slot) => ort.call.GetTensorTypeAndShape(value, slot));
  try {
    const count = allocatePointers(1);
    ort.check(ort.call.GetTensorShapeElementCount(info, count));
    return Number(count[0]);
  } finally {
    ort.call.ReleaseTensorTypeAndShapeInfo(info);
  }
}

/** Names of the element types that {@link ElementType} lacks, by ONNX's number. */
const OTHER_ELEMENTS: Readonly<Record<number, string>> = {
  ...{
    4: "uint16",
    5: "int16",
    8: "string",
    11: "float64",
    12: "uint32",
    13: "uint64",
    16: "bfloat16",
  },
  ...{
    17: "float8e4m3fn",
    18: "float8e4m3fnuz",
    19: "float8e5m2",
    20: "float8e5m2fnuz",
    21: "uint4",
    22: "int4",
  },
};

/** Type and shape behind an OrtTensorTypeAndShapeInfo*, which stays the caller's. Throws a `model_failed` fault for
 * element types that {@link ElementType} lacks. */
export function describe(ort: Ort, info: Pointer, subject: string): Pick<TensorInfo, "type" | "shape"> {
  const code = new Int32Array(new ArrayBuffer(4));
  ort.check(ort.call.GetTensorElementType(info, code));
  const rank = allocatePointers(1);
  ort.check(ort.call.GetDimensionsCount(info, rank));
  const dims = new BigInt64Array(new ArrayBuffer(Number(rank[0]) * 8));
  const names = allocatePointers(dims.length); // the strings belong to `info`
  ort.check(ort.call.GetDimensions(info, dims, BigInt(dims.length)));
  ort.check(ort.call.GetSymbolicDimensions(info, names, BigInt(dims.length)));
  const shape = Array.from(dims, (size, axis) => size < 0n ? readString(names, axis) : Number(size));
  for (const [type, element] of Object.entries(ELEMENTS)) {
    if (element.code === code[0]) return { type: type as ElementType, shape };
  }
  const name = OTHER_ELEMENTS[code[0]!] ?? `ONNX's type ${code[0]}`;
  throw fault("model_failed", `${subject} holds elements of type ${name}, which is not supported.`);
}

function readString(names: BigUint64Array<ArrayBuffer>, index: number): string {
  return readCString(Deno.UnsafePointer.create(names[index] ?? 0n));
}

function viewAs(type: ElementType, memory: ArrayBuffer): Tensor["data"] {
  switch (type) {
    case "float32":
      return new Float32Array(memory);
    case "float16":
      return new Uint16Array(memory);
    case "int64":
      return new BigInt64Array(memory);
    case "int32":
      return new Int32Array(memory);
    case "int8":
      return new Int8Array(memory);
    case "uint8":
    case "bool":
      return new Uint8Array(memory);
  }
}
