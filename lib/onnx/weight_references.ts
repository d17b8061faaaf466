// Weights inside an .onnx file, referred to from an edited graph: the edited graph stays small, and ONNX Runtime maps
// the weights from the file where they are.
import { create } from "@bufbuild/protobuf";
import { basename } from "node:path";
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import type { GraphFile } from "./graph_file.ts";

/** Bytes from which a weight is referred to: below, the reference is no shorter than the weight. */
const WORTH_BYTES = 256;

/** `tensor` as a reference to its bytes in `file`, or the tensor itself where it is small or not a view of that file. */
export function referenced(file: GraphFile, tensor: TensorProto): TensorProto {
  const { rawData } = tensor;
  if (rawData.length < WORTH_BYTES || rawData.buffer !== file.bytes.buffer) return tensor;
  const place = {
    location: basename(file.path),
    offset: String(rawData.byteOffset - file.bytes.byteOffset),
    length: String(rawData.length),
  };
  return copyWith(TensorProtoSchema, tensor, {
    rawData: new Uint8Array(),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(place).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value })
    ),
  });
}
