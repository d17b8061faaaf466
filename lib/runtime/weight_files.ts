// Checks the files that hold a model's weights before ONNX Runtime looks for them, for a sentence that names them.
import { fault } from "../fault.ts";
import { type GraphProto, type TensorProto, TensorProto_DataLocation } from "onnx-buf";

/** Names of the weight files that a graph refers to, and how many bytes each must have. */
export function weightFiles(graph: GraphProto): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const tensor of tensors(graph)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
    const location = entries.get("location") ?? "";
    const end = Number(entries.get("offset") ?? 0) + Number(entries.get("length") ?? 0);
    sizes.set(location, Math.max(sizes.get(location) ?? 0, end));
  }
  return sizes;
}

/** Every tensor of a graph: initializers, constants, and those of the graphs inside its nodes. */
function* tensors(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const attribute of graph.node.flatMap((node) => node.attribute)) {
    if (attribute.t !== undefined) yield attribute.t;
    yield* attribute.tensors;
    if (attribute.g !== undefined) yield* tensors(attribute.g);
    for (const inner of attribute.graphs) yield* tensors(inner);
  }
}

/** Throws a `model_failed` fault where a weight file of the model `name` in `folder` is missing or too short. */
export async function checkWeightFiles(
  name: string,
  folder: string,
  sizes: Map<string, number>,
): Promise<void> {
  for (const [location, size] of sizes) {
    if (location === "" || /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(location)) {
      throw fault("model_failed", `${name} refers to weights outside its own folder: "${location}".`);
    }
    const found = await Deno.stat(`${folder}/${location}`).catch((cause) => {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw fault("model_failed", `${name} keeps its weights in ${location}, and that file is missing.`);
    });
    if (found.size < size) {
      throw fault(
        "model_failed",
        `${location}, which holds the weights of ${name}, is cut off: expected at least ${size} bytes but found ${found.size}.`,
      );
    }
  }
}
