// A language model's graph in the form that the rest of the program knows: its logits are called "logits", lie as
// texts, positions, tokens, and are float32 or float16, and its token ids are called "input_ids". Exporters that do
// otherwise get a few nodes behind theirs.
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import { createAttributes } from "./graph_attributes.ts";
import { type GraphFile, readGraphFile } from "./graph_file.ts";
import { createInt64Tensor } from "./graph_tensors.ts";
import { createTensorInfo, dimensionsOf, elementTypeOf } from "./graph_values.ts";
import { findIds, findOddInputs, findOddLogits, IDS } from "./odd_names.ts";
import { applyEdit, type GraphEdit, NO_EDIT } from "./splice.ts";

/** The model file at `path`, its graph in the common form. `changed`: other than it lies in the file. Throws as
 * {@link readGraphFile} does. */
export async function readModelGraph(path: string): Promise<GraphFile & { readonly changed: boolean }> {
  const file = await readGraphFile(path);
  const edit = toCommonForm(file.graph);
  if (edit === null) return { ...file, changed: false };
  const bytes = applyEdit(file.bytes, edit);
  const model = fromBinary(ModelProtoSchema, bytes);
  const graph = model.graph!;
  // Where the weights lie is asked of the file, not of the edited bytes.
  file.graph.initializer.forEach((weight, index) => graph.initializer[index] = weight);
  return { path, bytes, onDisk: file.onDisk, model, graph, changed: true };
}

const LOGITS = "logits";
/** What the logits are called where they have another name, and what they are called then. */
const OTHER_NAMES = /^(?:.*[._])?(?:lm_logits|logits|prediction_scores|lm_head)$/;
const GIVEN = "logits/given";
const CAST = "logits/cast";
const SHAPE = "logits/shape";
const FIRST = "logits/first", LAST = "logits/last", REST = "logits/rest"; // 0, 1, -1

/** The edit that gives `graph` the common form; null where it has it, or no output that is known to be logits. */
function toCommonForm(graph: GraphProto): GraphEdit | null {
  const inputs = findOddInputs(graph);
  const edit = toCommonLogits(graph);
  return inputs.size === 0 ? edit : renameInputs(graph, edit ?? NO_EDIT, inputs);
}

/** `edit`, and these inputs under these names: what reads them gets a copy under the old ones. */
function renameInputs(graph: GraphProto, edit: GraphEdit, inputs: ReadonlyMap<number, string>): GraphEdit {
  const [first] = graph.node;
  if (first === undefined) return edit;
  const copies = Array.from(inputs, ([index, name]) => {
    const { name: old } = graph.input[index]!;
    return create(NodeProtoSchema, {
      opType: "Identity",
      name: `${name}/given`,
      input: [name],
      output: [old],
    });
  });
  const renamed = Array.from(inputs, ([index, name]) => {
    const info = graph.input[index]!;
    return [index, createTensorInfo(name, elementTypeOf(info)!, dimensionsOf(info))] as const;
  });
  return {
    ...edit,
    nodes: new Map([...edit.nodes, [0, [...copies, ...edit.nodes.get(0) ?? [first]]]]),
    changedInputs: new Map(renamed),
  };
}

/** The same of the logits alone. */
function toCommonLogits(graph: GraphProto): GraphEdit | null {
  const index = findLogits(graph);
  const output = graph.output[index];
  if (output === undefined) return null;
  const type = elementTypeOf(output) ?? DataType.FLOAT;
  const needsCast = type === DataType.DOUBLE || type === DataType.BFLOAT16;
  const dims = dimensionsOf(output);
  const form = formOf(dims, graph);
  const named = output.name === LOGITS;
  if (named ? !needsCast && form === "whole" : graph.node.some(usesLogits)) return null;
  const all = dims === null || form === "whole" ? dims : ["", "", dims.at(-1)!];
  return {
    ...NO_EDIT,
    nodes: named ? renameLogits(graph) : NO_EDIT.nodes,
    appendedNodes: buildChain(named ? GIVEN : output.name, needsCast, form),
    initializers: form === "whole" ? [] : createShapes(form),
    outputs: new Map([[index, [createTensorInfo(LOGITS, needsCast ? DataType.FLOAT : type, all)]]]),
  };
}

/** The index of the output that holds the logits; -1 where none is called so and none is like them, or several are. */
function findLogits(graph: GraphProto): number {
  const own = graph.output.findIndex(({ name }) => name === LOGITS);
  if (own >= 0) return own;
  const found = graph.output.flatMap(({ name }, index) => OTHER_NAMES.test(name) ? [index] : []);
  return found.length === 1 ? found[0]! : found.length === 0 ? findOddLogits(graph) : -1;
}

/** How logits lie: "whole": texts, positions, tokens; "rows": without an axis of texts, the rows of all texts one after
 * the other, or of each text the last; "row": the last one of one text. */
type Form = "whole" | "rows" | "row";

function formOf(dims: readonly (number | string)[] | null, graph: GraphProto): Form {
  if (findIds(graph) === undefined) return "whole"; // it is no language model, which is said later
  return dims?.length === 2 ? "rows" : dims?.length === 1 ? "row" : "whole";
}

/** What the nodes behind logits of this form need. */
function createShapes(form: Form) {
  if (form === "row") return [createInt64Tensor(SHAPE, [1, 1, -1])];
  return [createInt64Tensor(FIRST, [0]), createInt64Tensor(LAST, [1]), createInt64Tensor(REST, [-1])];
}

/** From the graph's logits to "logits": cast, given the axes that they lack, or under their new name alone. */
function buildChain(from: string, needsCast: boolean, form: Form): NodeProto[] {
  const node = (opType: string, input: string[], output: string, attribute = createAttributes({})) =>
    create(NodeProtoSchema, { opType, name: `${output}/${opType}`, input, output: [output], attribute });
  const cast = (to: string) => node("Cast", [from], to, createAttributes({ to: BigInt(DataType.FLOAT) }));
  if (form === "whole") return [needsCast ? cast(LOGITS) : node("Identity", [from], LOGITS)];
  const texts = [
    node("Shape", [IDS], `${SHAPE}/ids`),
    node("Gather", [`${SHAPE}/ids`, FIRST], `${SHAPE}/texts`),
    node("Shape", [from], `${SHAPE}/given`),
    node("Gather", [`${SHAPE}/given`, LAST], `${SHAPE}/tokens`),
    node("Concat", [`${SHAPE}/texts`, REST, `${SHAPE}/tokens`], SHAPE, createAttributes({ axis: 0n })),
  ];
  return [
    ...form === "rows" ? texts : [],
    ...needsCast ? [cast(CAST)] : [],
    node("Reshape", [needsCast ? CAST : from, SHAPE], LOGITS),
  ];
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
