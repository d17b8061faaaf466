// Descriptions of a graph's inputs and outputs.
import { create } from "@bufbuild/protobuf";
import {
  type TensorProto_DataType,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** A dimension: its size, or the name of one that is free. */
type Dimension = number | string;

/** An input or output that is a tensor; `dims` null leaves its shape to ONNX Runtime. */
export function createTensorInfo(
  name: string,
  elemType: TensorProto_DataType,
  dims: readonly Dimension[] | null,
): ValueInfoProto {
  const dim = dims?.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === "number"
        ? { case: "dimValue", value: BigInt(size) }
        : { case: "dimParam", value: size },
    })
  );
  const value = dim === undefined ? { elemType } : { elemType, shape: { dim } };
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value } }),
  });
}

/** The element type of a tensor, or null where `info` says nothing or is no tensor. */
export function elementTypeOf(info: ValueInfoProto): TensorProto_DataType | null {
  const value = info.type?.value;
  return value?.case === "tensorType" ? value.value.elemType : null;
}

/** The dimensions of a tensor, or null where `info` says nothing; a free one without a name is "". */
export function dimensionsOf(info: ValueInfoProto): Dimension[] | null {
  const value = info.type?.value;
  if (value?.case !== "tensorType" || value.value.shape === undefined) return null;
  return value.value.shape.dim.map(({ value: size }) =>
    size.case === "dimValue" ? Number(size.value) : size.value ?? ""
  );
}
