// Reading an .onnx file: its graph decoded, its weights left where they are.
import { messageOf } from "../basics/message_of.ts";
import { fromBinary } from "@bufbuild/protobuf";
import { type GraphProto, type ModelProto, ModelProtoSchema } from "onnx-buf";
import { fault } from "../fault.ts";

/** A model file as it was read. Weights inside the file are views of `onDisk`; those outside were not read. */
export interface GraphFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>; // of the model, which may be other than it lies in the file
  readonly onDisk: Uint8Array<ArrayBuffer>; // of the file
  readonly model: ModelProto;
  readonly graph: GraphProto;
}

/** Reads the model file at `path`. Throws a `model_failed` fault where it is missing, damaged or no ONNX model. */
export async function readGraphFile(path: string): Promise<GraphFile> {
  const bytes = await Deno.readFile(path).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw fault("model_failed", `The model file ${path} does not exist.`);
  });
  if (new TextDecoder().decode(bytes.subarray(0, 23)) === "version https://git-lfs") {
    throw fault(
      "model_failed",
      `${path} is a Git LFS pointer, not the model itself; fetch it with "git lfs pull".`,
    );
  }
  try {
    const model = fromBinary(ModelProtoSchema, bytes); // weights are views of `bytes`, not copies
    if (model.graph !== undefined && model.graph.node.length > 0) {
      return { path, bytes, onDisk: bytes, model, graph: model.graph };
    }
  } catch (cause) {
    throw damagedError(path, cause);
  }
  throw damagedError(path, "it has no graph");
}

function damagedError(path: string, reason: unknown): Error {
  const why = messageOf(reason);
  return fault("model_failed", `${path} is cut off or damaged, or not an ONNX model (${why}).`);
}
