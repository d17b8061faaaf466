// Small ONNX tensors: made from numbers, and read back where their values lie in the graph itself.
import { create } from "@bufbuild/protobuf";
import {
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
} from "onnx-buf";

/** An int64 tensor; a list of `values` by default, a scalar where `dims` is []. */
export function createInt64Tensor(
  name: string,
  values: readonly (number | bigint)[],
  dims = [values.length],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.INT64,
    dims: dims.map(BigInt),
    int64Data: values.map((value) => BigInt(value)),
  });
}

/** A float32 tensor; a list of `values` by default, a scalar where `dims` is []. */
export function createFloatTensor(
  name: string,
  values: readonly number[],
  dims = [values.length],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: dims.map(BigInt),
    floatData: [...values],
  });
}

/** A tensor of any type over raw little-endian bytes. */
export function createRawTensor(
  name: string,
  dataType: DataType,
  dims: readonly number[],
  rawData: Uint8Array<ArrayBuffer>,
): TensorProto {
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData });
}

/** Whether the tensor's data lie in another file. */
export function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
}

/** Bits of one element, for the types whose size is fixed. */
const ELEMENT_BITS: { readonly [type in DataType]?: number } = {
  ...{ [DataType.FLOAT]: 32, [DataType.DOUBLE]: 64, [DataType.FLOAT16]: 16, [DataType.BFLOAT16]: 16 },
  ...{ [DataType.INT64]: 64, [DataType.INT32]: 32, [DataType.INT16]: 16, [DataType.INT8]: 8 },
  ...{ [DataType.UINT64]: 64, [DataType.UINT32]: 32, [DataType.UINT16]: 16, [DataType.UINT8]: 8 },
  ...{ [DataType.BOOL]: 8, [DataType.INT4]: 4, [DataType.UINT4]: 4 },
};

/** Bytes that a tensor's elements take where they lie one after the other; null for types of no fixed size. */
export function byteLengthOf({ dataType, dims }: TensorProto): number | null {
  const bits = ELEMENT_BITS[dataType as DataType];
  return bits === undefined ? null : Math.ceil(dims.reduce((all, size) => all * Number(size), bits) / 8);
}

/** The tensor's dimensions as numbers. */
export function dimsOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/** The values of an int64, int32, float32 or float16 tensor, or null for other types and for weights in another
 * file. */
export function valuesOf(tensor: TensorProto): number[] | null {
  if (isExternal(tensor)) return null;
  const { rawData } = tensor;
  const bytes = rawData.slice().buffer; // a view may begin anywhere, typed arrays may not
  switch (tensor.dataType) {
    case DataType.INT64:
      return rawData.length > 0 ? Array.from(new BigInt64Array(bytes), Number) : tensor.int64Data.map(Number);
    case DataType.INT32:
      return rawData.length > 0 ? [...new Int32Array(bytes)] : [...tensor.int32Data];
    case DataType.FLOAT:
      return rawData.length > 0 ? [...new Float32Array(bytes)] : [...tensor.floatData];
    case DataType.FLOAT16: // the bits of two bytes are int32Data where they are not raw
      return [...new Float16Array(rawData.length > 0 ? bytes : Uint16Array.from(tensor.int32Data).buffer)];
    default:
      return null;
  }
}
