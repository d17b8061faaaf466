// The files that hold a model's weights outside its .onnx file: checked before ONNX Runtime looks for them, for a
// sentence that names them, and found behind links.
import { dirname, relative, sep } from "node:path";
import { type GraphProto, StringStringEntryProtoSchema, type TensorProto, TensorProtoSchema } from "onnx-buf";
import { fault } from "../fault.ts";
import { copyWith } from "./copy_with.ts";
import { leadsOut } from "./data_locations.ts";
import { isExternal } from "./graph_tensors.ts";

/** Names of the weight files that a graph refers to, and how many bytes each must have. */
export function weightFiles(graph: GraphProto): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const tensor of tensors(graph)) {
    if (!isExternal(tensor)) continue;
    const { location, offset, length } = weightFile(tensor);
    sizes.set(location, Math.max(sizes.get(location) ?? 0, offset + length));
  }
  return sizes;
}

/** Where an external tensor's bytes lie; a length of 0 where the tensor does not say. */
export function weightFile(
  { externalData }: TensorProto,
): { location: string; offset: number; length: number } {
  const entries = new Map(externalData.map((entry) => [entry.key, entry.value]));
  return {
    location: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: Number(entries.get("length") ?? 0),
  };
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
  sizes: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [location, size] of sizes) {
    if (leadsOut(location)) {
      throw fault("model_failed", `${name} refers to weights outside its own folder: "${location}".`);
    }
    const found = await Deno.stat(`${folder}/${location}`).catch((cause) => {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw fault("model_failed", `${name} keeps its weights in ${location}, and that file is missing.`);
    });
    if (found.size < size) {
      throw fault(
        "model_failed",
        `${location}, which holds the weights of ${name}, is cut off: ` +
          `expected at least ${size} bytes but found ${found.size}.`,
      );
    }
  }
}

/** Where weights really are: new locations, relative to `folder`. */
interface Relocation {
  readonly folder: string;
  readonly locations: ReadonlyMap<string, string>;
}

/** Where the links of a hub cache lead, or null where ONNX Runtime finds the weights itself.
 *
 * It refuses weights whose real place is outside the folder it was told; for a file it also allows the folder where
 * the file itself really is, for an edited graph it cannot. */
export async function relocation(
  path: string,
  locations: Iterable<string>,
  edited: boolean,
): Promise<Relocation | null> {
  const folder = dirname(path);
  const real = new Map<string, string>();
  for (const location of locations) real.set(location, await Deno.realPath(`${folder}/${location}`));
  const files = [...real.values()];
  const allowed = [await Deno.realPath(folder), ...edited ? [] : [dirname(await Deno.realPath(path))]];
  if (allowed.some((place) => files.every((file) => isInside(place, file)))) return null;
  let common = dirname(files[0] ?? folder);
  while (!files.every((file) => isInside(common, file)) && dirname(common) !== common) {
    common = dirname(common);
  }
  return {
    folder: common,
    locations: new Map([...real].map(([from, file]) => [from, relative(common, file)])),
  };
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The initializers that a relocation changes, by index. */
export function relocateAll(graph: GraphProto, relocation: Relocation): Map<number, TensorProto> {
  const changed = new Map<number, TensorProto>();
  graph.initializer.forEach((tensor, index) => {
    if (isExternal(tensor)) changed.set(index, relocateTensor(tensor, relocation));
  });
  return changed;
}

/** `tensor` with the new place of its weights, or itself where they lie in the graph. */
export function relocateTensor(tensor: TensorProto, { locations }: Relocation): TensorProto {
  if (!isExternal(tensor)) return tensor;
  const externalData = tensor.externalData.map((entry) =>
    entry.key === "location"
      ? copyWith(StringStringEntryProtoSchema, entry, { value: locations.get(entry.value) ?? entry.value })
      : entry
  );
  return copyWith(TensorProtoSchema, tensor, { externalData });
}
