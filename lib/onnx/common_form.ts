// A language model's graph in the form that the rest of the program knows: its logits are called "logits", lie as
// texts, positions, tokens, and are float32 or float16. Exporters that do otherwise get a node or two behind theirs.
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  type ValueInfoProto,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import { attributes } from "./graph_attributes.ts";
import { type GraphFile, readGraphFile } from "./graph_file.ts";
import { int64Tensor } from "./graph_tensors.ts";
import { dimensionsOf, elementType, tensorInfo } from "./graph_values.ts";
import { applyEdit, type GraphEdit, NO_EDIT } from "./splice.ts";

/** The model file at `path`, its graph in the common form. `changed`: other than it lies in the file. Throws as
 * {@link readGraphFile} does. */
export async function readModelGraph(path: string): Promise<GraphFile & { readonly changed: boolean }> {
  const file = await readGraphFile(path);
  const edit = toCommonForm(file.graph);
  if (edit === null) return { ...file, changed: false };
  const bytes = applyEdit(file.bytes, edit);
  const model = fromBinary(ModelProtoSchema, bytes);
  return { path, bytes, model, graph: model.graph!, changed: true };
}

const LOGITS = "logits";
/** What the logits are called where they have another name, and what they are called then. */
const OTHER_NAMES = /^(?:.*[._])?(?:lm_logits|logits|prediction_scores|lm_head)$/;
const GIVEN = "logits/given";
const CAST = "logits/cast";
const SHAPE = "logits/shape";

/** The edit that gives `graph` the common form; null where it has it, or no output that is known to be logits. */
function toCommonForm(graph: GraphProto): GraphEdit | null {
  const index = findLogits(graph);
  const output = graph.output[index];
  if (output === undefined) return null;
  const type = elementType(output) ?? DataType.FLOAT;
  const needsCast = type === DataType.DOUBLE || type === DataType.BFLOAT16;
  const flat = isOfLastToken(output, graph);
  const named = output.name === LOGITS;
  if (named ? !needsCast && !flat : graph.node.some(usesLogits)) return null;
  const dims = dimensionsOf(output);
  const all = flat && dims !== null ? [dims[0]!, 1, dims[1]!] : dims;
  return {
    ...NO_EDIT,
    nodes: named ? renameLogits(graph) : NO_EDIT.nodes,
    appendedNodes: chain(named ? GIVEN : output.name, needsCast, flat),
    initializers: flat ? [int64Tensor(SHAPE, [0, 1, -1])] : [],
    outputs: new Map([[index, [tensorInfo(LOGITS, needsCast ? DataType.FLOAT : type, all)]]]),
  };
}

/** The index of the output that holds the logits; -1 where none is called so, or several are. */
function findLogits(graph: GraphProto): number {
  const own = graph.output.findIndex(({ name }) => name === LOGITS);
  if (own >= 0) return own;
  const found = graph.output.flatMap(({ name }, index) => OTHER_NAMES.test(name) ? [index] : []);
  return found.length === 1 ? found[0]! : -1;
}

/** Whether these logits are those of each text's last token, without an axis of positions. */
function isOfLastToken(output: ValueInfoProto, graph: GraphProto): boolean {
  const dims = dimensionsOf(output);
  const ids = graph.input.find(({ name }) => name === "input_ids");
  const texts = ids === undefined ? undefined : dimensionsOf(ids)?.[0];
  return dims?.length === 2 && dims[0] === texts && texts !== "";
}

/** From the graph's logits to "logits": cast, given an axis of one position, or under their new name alone. */
function chain(from: string, needsCast: boolean, flat: boolean): NodeProto[] {
  const node = (opType: string, input: string[], output: string, attribute = attributes({})) =>
    create(NodeProtoSchema, { opType, name: `${output}/${opType}`, input, output: [output], attribute });
  const single = attributes({ to: BigInt(DataType.FLOAT) });
  if (!flat) return [needsCast ? node("Cast", [from], LOGITS, single) : node("Identity", [from], LOGITS)];
  if (!needsCast) return [node("Reshape", [from, SHAPE], LOGITS)];
  return [node("Cast", [from], CAST, single), node("Reshape", [CAST, SHAPE], LOGITS)];
}

/** Every node that makes or reads "logits", with the name that those have now. */
function renameLogits(graph: GraphProto): Map<number, NodeProto[]> {
  const swap = (name: string) => name === LOGITS ? GIVEN : name;
  return new Map(graph.node.flatMap((node, index) => {
    if (!usesLogits(node)) return [];
    const changes = { input: node.input.map(swap), output: node.output.map(swap) };
    return [[index, [copyWith(NodeProtoSchema, node, changes)]]];
  }));
}

function usesLogits({ input, output }: NodeProto): boolean {
  return input.includes(LOGITS) || output.includes(LOGITS);
}
