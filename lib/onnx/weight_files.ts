// The files that hold a model's weights outside its .onnx file: checked before ONNX Runtime looks for them, for a
// sentence that names them.
import type { GraphProto, NodeProto, TensorProto } from "onnx-buf";
import { fault } from "../fault.ts";
import { leadsOut } from "./data_locations.ts";
import { byteLengthOf, isExternal } from "./graph_tensors.ts";

/** Names of the weight files that a graph refers to, and how many bytes each must have. Throws a `model_failed` fault
 * for a tensor that does not say where its bytes lie. */
export function listWeightFiles(graph: GraphProto): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const tensor of tensorsOf(graph)) {
    if (!isExternal(tensor)) continue;
    checkEntries(tensor);
    const { location, offset, length } = weightFileOf(tensor);
    const end = offset + (length || (byteLengthOf(tensor) ?? 0));
    sizes.set(location, Math.max(sizes.get(location) ?? 0, end));
  }
  return sizes;
}

/** Where an external tensor's bytes lie; a length of 0 where the tensor does not say. */
export function weightFileOf(
  { externalData }: TensorProto,
): { location: string; offset: number; length: number } {
  const entries = new Map(externalData.map((entry) => [entry.key, entry.value]));
  return {
    location: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: Number(entries.get("length") ?? 0),
  };
}

function checkEntries(tensor: TensorProto): void {
  const refuse = (what: string) => {
    throw fault("model_failed", `The weights "${tensor.name}" of the graph ${what}. Export the model anew.`);
  };
  for (const { key, value } of tensor.externalData) {
    if (!/^(location|offset|length|checksum|prepacked_.*)$/.test(key)) {
      refuse(`have the entry "${key.slice(0, 40)}" beside the place of their bytes, which no reader knows`);
    }
    if (key === "location" && value === "") refuse("name no file that holds them");
    if ((key === "offset" || key === "length") && !/^\d{1,15}$/.test(value)) {
      refuse(`have the ${key} "${value.slice(0, 40)}", which is no number of bytes`);
    }
  }
  if (!tensor.externalData.some(({ key }) => key === "location")) refuse("name no file that holds them");
  const [said, needed] = [weightFileOf(tensor).length, byteLengthOf(tensor)];
  if (said !== 0 && needed !== null && said !== needed) {
    refuse(`take ${needed} bytes, but are said to have ${said} in their file`);
  }
}

/** Every tensor of a graph: initializers, constants, and those of the graphs inside its nodes. */
function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const node of graph.node) yield* listTensors(node);
}

/** Every tensor that a node holds, those of the graphs inside it too. */
export function* listTensors({ attribute }: NodeProto): Generator<TensorProto> {
  for (const { t, tensors, g, graphs } of attribute) {
    if (t !== undefined) yield t;
    yield* tensors;
    if (g !== undefined) yield* tensorsOf(g);
    for (const inner of graphs) yield* tensorsOf(inner);
  }
}

/** Throws a `model_failed` fault where a weight file of the model `name` in `folder` is missing, no file or too
 * short. */
export async function checkWeightFiles(
  name: string,
  folder: string,
  sizes: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [location, size] of sizes) {
    const shown = location.length > 100 ? `${location.slice(0, 100)}…` : location;
    if (leadsOut(location)) {
      throw fault("model_failed", `${name} refers to weights outside its own folder: "${shown}".`);
    }
    const found = await Deno.stat(`${folder}/${location}`).catch((cause: Error) => {
      const missing = cause instanceof Deno.errors.NotFound;
      const why = missing ? "and that file is missing" : `which cannot be read (${reasonOf(cause)})`;
      throw fault("model_failed", `${name} keeps its weights in ${shown}, ${why}.`);
    });
    if (!found.isFile) {
      throw fault("model_failed", `${name} keeps its weights in ${shown}, which is no file.`);
    }
    if (found.size < size) {
      throw fault(
        "model_failed",
        `${shown}, which holds the weights of ${name}, is cut off: ` +
          `expected at least ${size} bytes but found ${found.size}.`,
      );
    }
  }
}

/** The system's words, without the path. */
function reasonOf(error: Error): string {
  return error.message.replace(/: stat '.*$/s, "");
}
