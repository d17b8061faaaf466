// Inputs and outputs of a language model's graph that have none of the names that exporters give them, found by what
// they are: torch calls them input.1, 2134 or linear_14.
import { type GraphProto, TensorProto_DataType as DataType, type ValueInfoProto } from "onnx-buf";
import { dimensionsOf, elementTypeOf } from "./graph_values.ts";

/** What token ids are called. */
export const IDS = "input_ids";
const MASK = "attention_mask";
const OTHER_MASKS = ["attn_mask", "attention_masks"];

/** Inputs of whole numbers for each token of a text that are not its ids. */
const NOT_IDS = /mask|pos|type|segment|label|embed|encoder|decoder|cache|past|len|beam|batch/i;
const INTEGERS: readonly (DataType | null)[] = [DataType.INT64, DataType.INT32];
const FLOATS: readonly (DataType | null)[] = [
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.DOUBLE,
  DataType.BFLOAT16,
];

/** The inputs that are token ids and mask under other names, by their indices, with their common names. A name that the
 * graph has is not given again, nor one that two inputs could have. */
export function findOddInputs(graph: GraphProto): Map<number, string> {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const ofTokens = graph.input.flatMap((info, index) => {
    const isOne = INTEGERS.includes(elementTypeOf(info)) && dimensionsOf(info)?.length === 2;
    return isOne && !weights.has(info.name) ? [{ index, name: info.name }] : [];
  });
  const found = new Map<number, string>();
  const give = (common: string, candidates: typeof ofTokens) => {
    const isThere = graph.input.some(({ name }) => name === common);
    if (!isThere && candidates.length === 1) found.set(candidates[0]!.index, common);
  };
  give(IDS, ofTokens.filter(({ name }) => !NOT_IDS.test(name)));
  give(MASK, ofTokens.filter(({ name }) => OTHER_MASKS.includes(name)));
  return found;
}

/** The input that is token ids, whatever it is called; undefined where there is none, as in no language model. */
export function findIds(graph: GraphProto): ValueInfoProto | undefined {
  const odd = [...findOddInputs(graph)].find(([, name]) => name === IDS)?.[0];
  return odd === undefined ? graph.input.find(({ name }) => name === IDS) : graph.input[odd];
}

/** The index of the output whose rows are as long as the table of token embeddings has rows: no other output's are.
 * -1 where there is none, or several are like it. */
export function findOddLogits(graph: GraphProto): number {
  const sizes = countTableRows(graph);
  const found = graph.output.flatMap((info, index) => isAsLong(info, sizes) ? [index] : []);
  return found.length === 1 ? found[0]! : -1;
}

function isAsLong(info: ValueInfoProto, sizes: ReadonlySet<number>): boolean {
  const dims = dimensionsOf(info) ?? [];
  const last = dims.at(-1);
  return FLOATS.includes(elementTypeOf(info)) && dims.length <= 3 && typeof last === "number" &&
    sizes.has(last) && !/hidden|embed/i.test(info.name);
}

/** How many rows each table has that is looked up with token ids. */
function countTableRows(graph: GraphProto): Set<number> {
  const ids = new Set([findIds(graph)?.name]);
  const rows = new Map(graph.initializer.map(({ name, dims }) => [name, Number(dims[0] ?? 0)]));
  const sizes = new Set<number>();
  for (const { opType, input, output } of graph.node) {
    if (!input.some((name) => ids.has(name))) continue;
    if (/^(Cast|Identity|Reshape|Squeeze|Unsqueeze)$/.test(opType)) {
      for (const name of output) ids.add(name);
    }
    if (opType.startsWith("Gather") && ids.has(input[1] ?? "")) sizes.add(rows.get(input[0]!) ?? 0);
  }
  sizes.delete(0);
  return sizes;
}
