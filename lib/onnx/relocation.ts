// Weights behind the links of a hub's cache: ONNX Runtime refuses those whose real place is outside the folder it was
// told, so the graph is given their real places.
import { dirname, relative, sep } from "node:path";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import { isExternal } from "./graph_tensors.ts";
import { listTensors } from "./weight_files.ts";

/** Where weights really are: new locations, relative to `folder`. */
interface Relocation {
  readonly folder: string;
  readonly locations: ReadonlyMap<string, string>;
}

/** Where the links of a hub cache lead, or null where ONNX Runtime finds the weights itself.
 *
 * It refuses weights whose real place is outside the folder it was told; for a file it also allows the folder where
 * the file itself really is, for an edited graph it cannot. */
export async function findRelocation(
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
export function relocateInitializers(graph: GraphProto, relocation: Relocation): Map<number, TensorProto> {
  const changed = new Map<number, TensorProto>();
  graph.initializer.forEach((tensor, index) => {
    if (isExternal(tensor)) changed.set(index, relocateTensor(tensor, relocation));
  });
  return changed;
}

/** What stands in place of the nodes of `graph`, where `edited` says so already or one holds weights in a file. */
export function relocateNodes(
  graph: GraphProto,
  edited: ReadonlyMap<number, readonly NodeProto[]>,
  relocation: Relocation,
): Map<number, readonly NodeProto[]> {
  const changed = new Map(edited);
  graph.node.forEach((node, index) => {
    const nodes = edited.get(index) ?? [node];
    if (nodes.some(holdsExternal)) changed.set(index, nodes.map((one) => relocateNode(one, relocation)));
  });
  return changed;
}

/** `node` with the new places of the weights in it and in its graphs, or itself where it holds none. */
export function relocateNode(node: NodeProto, relocation: Relocation): NodeProto {
  if (!holdsExternal(node)) return node;
  const attribute = node.attribute.map((one) => relocateAttribute(one, relocation));
  return copyWith(NodeProtoSchema, node, { attribute });
}

function relocateAttribute(attribute: AttributeProto, relocation: Relocation): AttributeProto {
  const { t, tensors, g, graphs } = attribute;
  const inGraph = (graph: GraphProto) => relocateGraph(graph, relocation);
  return copyWith(AttributeProtoSchema, attribute, {
    ...t === undefined ? {} : { t: relocateTensor(t, relocation) },
    ...g === undefined ? {} : { g: inGraph(g) },
    tensors: tensors.map((tensor) => relocateTensor(tensor, relocation)),
    graphs: graphs.map(inGraph),
  });
}

function relocateGraph(graph: GraphProto, relocation: Relocation): GraphProto {
  return copyWith(GraphProtoSchema, graph, {
    initializer: graph.initializer.map((tensor) => relocateTensor(tensor, relocation)),
    node: graph.node.map((node) => relocateNode(node, relocation)),
  });
}

/** Whether weights that a node holds, or a graph in it, lie in a file. */
function holdsExternal(node: NodeProto): boolean {
  return listTensors(node).some(isExternal);
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
