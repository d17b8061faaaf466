// Weights referred to from an edited graph, whole or some of their rows: the edited graph stays small, and ONNX Runtime
// maps the weights from the file where they are.
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
import { isExternal } from "./graph_tensors.ts";
import { weightFileOf } from "./weight_files.ts";

/** Bytes from which a weight is referred to: below, the reference is no shorter than the weight. */
const WORTH_BYTES = 256;

/** `tensor` as a reference to its bytes in `file`, or the tensor itself where it is small or not a view of that
 * file. */
export function referTo(file: GraphFile, tensor: TensorProto): TensorProto {
  const { rawData } = tensor;
  if (rawData.length < WORTH_BYTES || rawData.buffer !== file.onDisk.buffer) return tensor;
  const place = {
    location: basename(file.path),
    offset: rawData.byteOffset - file.onDisk.byteOffset,
    length: rawData.length,
  };
  return copyWith(TensorProtoSchema, tensor, {
    rawData: new Uint8Array(),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: createExternalEntries(place),
  });
}

/** A weight once more with other dimensions, or some of its rows along the first of them: the same bytes, not a copy.
 * Null where its values are not laid out as bytes, or nothing says how many there are. */
export function rowsOfWeight(
  tensor: TensorProto,
  dims: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): TensorProto | null {
  const [rows = 1, ...rest] = dims;
  const place = isExternal(tensor) ? weightFileOf(tensor) : null;
  const length = place?.length ?? tensor.rawData.length;
  if (length === 0 || length % rows > 0) return null;
  const [start, size] = [from * length / rows, (to - from) * length / rows];
  const view = { name: "", dims: [to - from, ...rest].map(BigInt) };
  if (place === null) {
    return copyWith(TensorProtoSchema, tensor, {
      ...view,
      rawData: tensor.rawData.subarray(start, start + size),
    });
  }
  return copyWith(TensorProtoSchema, tensor, {
    ...view,
    externalData: createExternalEntries({ ...place, offset: place.offset + start, length: size }),
  });
}

function createExternalEntries(place: { location: string; offset: number; length: number }) {
  return Object.entries(place).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value: String(value) })
  );
}
