// Small tensors made and read.
import type { Tensor } from "../../ort/types.ts";

export function float32(dims: readonly number[], at: (index: number) => number): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, (_, index) => at(index)) };
}

export function int64s(values: readonly number[]): Tensor {
  return { type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The numbers of an output. */
export function numbers({ data }: Tensor): number[] {
  return Array.from(data, Number);
}
