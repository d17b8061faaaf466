// Gets a language model's graph ready to open: checks its files, cuts it where it would compute logits that
// are never asked for, and looks at its nodes for what session metadata does not say.
import { basename, dirname } from "node:path";
import type { GraphProto } from "onnx-buf";
import { readModelGraph } from "./common_form.ts";
import { cutLogits, hasLogitsToKeep } from "./cut.ts";
import { countFoldedBytes } from "./folding.ts";
import { applyEdit, NO_EDIT } from "./splice.ts";
import type { GraphSource } from "../ort/types.ts";
import { findRelocation, relocateInitializers, relocateNodes } from "./relocation.ts";
import { checkWeightFiles, listWeightFiles } from "./weight_files.ts";

/** A graph that can be opened. */
export interface PreparedGraph {
  /** The file itself, or the edited graph whose external weights stay where they are, in or below `folder`. */
  readonly source: GraphSource;
  /** True where the cut added the input `num_logits_to_keep`. */
  readonly keepAdded: boolean;
  /** True where every past goes straight into a GroupQueryAttention that gives its present. */
  readonly sharedBuffers: boolean;
  /** True where 8-bit activations have one scale for all rows of a run, so that each moves the others. */
  readonly sharedScales: boolean;
  /** Bytes of constants that opening computes; see folding.ts. */
  readonly foldedBytes: number;
}

/** Reads the model file at `path` and cuts its graph if it has no input for the number of logits to keep.
 *
 * Throws a `model_failed` fault naming the file that is missing, damaged or not an ONNX model. */
export async function prepareGraph(path: string): Promise<PreparedGraph> {
  const { bytes, graph, changed } = await readModelGraph(path);
  const folder = dirname(path);
  const files = listWeightFiles(graph);
  await checkWeightFiles(basename(path), folder, files);
  const cut = hasLogitsToKeep(graph) ? null : cutLogits(graph);
  const moved = await findRelocation(path, files.keys(), changed || cut !== null);
  const facts = {
    keepAdded: cut !== null,
    sharedBuffers: hasSharedBuffers(graph),
    sharedScales: hasSharedScales(graph),
    foldedBytes: countFoldedBytes(graph),
  };
  if (!changed && cut === null && moved === null) return { source: { path }, ...facts };
  const edit = cut ?? NO_EDIT;
  const weights = moved === null ? NO_EDIT.weights : relocateInitializers(graph, moved);
  const nodes = moved === null ? edit.nodes : relocateNodes(graph, edit.nodes, moved);
  const edited = applyEdit(bytes, { ...edit, weights, nodes });
  return { source: { bytes: edited, folder: moved?.folder ?? folder }, ...facts };
}

/** Whether a node of `graph`, or of a branch in it, takes one scale over all that it gets. */
function hasSharedScales(graph: GraphProto): boolean {
  return graph.node.some((node) =>
    /^DynamicQuantize(Linear|MatMul)$/.test(node.opType) ||
    node.attribute.some(({ g }) => g !== undefined && hasSharedScales(g))
  );
}

// Inputs 3 and 4 of com.microsoft.GroupQueryAttention are past key and value, outputs 1 and 2 their presents.
const PAST_TO_PRESENT = new Map([[3, 1], [4, 2]]);

/** True where each cache input feeds one GroupQueryAttention alone, which itself gives that cache's output. */
function hasSharedBuffers(graph: GraphProto): boolean {
  const outputs = new Set(graph.output.map((output) => output.name));
  const pasts = graph.input.filter((input) => {
    const value = input.type?.value;
    return value?.case === "tensorType" && value.value.shape?.dim.length === 4;
  });
  return pasts.length > 0 && pasts.every((past) => {
    const readers = graph.node.filter((node) => node.input.includes(past.name));
    const [reader] = readers;
    if (readers.length !== 1 || reader?.opType !== "GroupQueryAttention") return false;
    const present = PAST_TO_PRESENT.get(reader.input.indexOf(past.name));
    return present !== undefined && outputs.has(reader.output[present] ?? "");
  });
}
