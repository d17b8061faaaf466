// Small tensors made and read.
import type { Tensor } from "../../ort/types.ts";

/** A float32 tensor of shape `dims`, its elements in row-major order from `at`. */
export function createFloat32(dims: readonly number[], at: (index: number) => number): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, (_, index) => at(index)) };
}

/** An int64 tensor of one axis. */
export function createInt64s(values: readonly number[]): Tensor {
  return { type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The numbers of an output. */
export function numbersOf({ data }: Tensor): number[] {
  return Array.from(data, Number);
}
