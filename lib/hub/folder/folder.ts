// Reads a model folder in the hub's ONNX layout: the JSON files, and which graph to run. It opens neither the
// graph nor the tokenizer. Every fault is a sentence that names the file.
import { join } from "node:path";
import type { Device } from "../../wire/device.ts";
import { fault } from "../../fault.ts";
import { chooseFile, parseVariant } from "./choose.ts";
import { estimateParameters, readContextLength, refuseOtherKinds } from "./config.ts";
import { withData } from "./external.ts";
import { GENAI_CONFIG, readConfig } from "./genai.ts";
import { findGraphsBelow, listFolder } from "./listing.ts";
import { readJson, smallFilesOf } from "./small_files.ts";
import { readTextParts } from "./text_parts.ts";
import type { ListedFile, ModelFile, ModelFolder } from "./types.ts";
import { findModelFilesIn } from "./variants.ts";

interface FolderOptions {
  /** What the model is called; sentences use it. */
  readonly id: string;
  readonly device: Device;
  /** A quantization by name, see lib/hub/choose.ts. */
  readonly variant?: string | null;
  /** Bytes of memory a model may take; unknown when absent. */
  readonly memory?: number | null;
  /** No file of the folder may lie outside this folder by way of links; default: unchecked. */
  readonly root?: string;
  /** Pass over variants with missing data files, as in a cache that holds a part of the repository; default: fault. */
  readonly skipIncomplete?: boolean;
}

/** Reads and checks the model in `folder`. Throws faults: model_failed with the file and what is wrong with it,
 * invalid_request for an unknown `variant` or a link that leads out of `root`. */
export async function readModelFolder(folder: string, options: FolderOptions): Promise<ModelFolder> {
  const { id } = options;
  const listing = await listFolder(folder, id, options.root);
  const small = smallFilesOf(folder, id, listing);
  const config = await readConfig(small);
  refuseOtherKinds(id, config);
  refuseOtherParts(id, listing);
  const files = await findModelFilesIn(listing, () => readJson(small, GENAI_CONFIG));
  if (files.length === 0) {
    throw noGraphError(id, [...small.paths, ...await findGraphsBelow(folder)]);
  }
  const file = await chooseWhole(folder, files, options);
  const text = await readTextParts(small, config);
  return {
    ...text,
    id,
    folder,
    onnxPath: join(folder, ...file.path.split("/")),
    file,
    files,
    config,
    quantization: file.quantization,
    arithmetic: file.arithmetic,
    bytes: file.bytes,
    contextLength: readContextLength(config, text.tokenizerConfig),
    parameters: estimateParameters(config),
  };
}

/** Throws model_failed where the listing shows parts that a decoder-only model does not have: by the exact names that
 * exporters give them and their readers ask for. Under any other name the inputs of the decoder's graph show it. */
export function refuseOtherParts(id: string, listing: readonly ListedFile[]): void {
  const part = listing.find((file) =>
    /(^|\/)(encoder_model|vision_encoder|audio_encoder)\w*\.onnx$/.test(file.path)
  );
  if (part === undefined) return;
  throw fault(
    "model_failed",
    `${id} cannot run here: ${part.path} shows that it needs an encoder. Choose a decoder-only text model.`,
  );
}

function noGraphError(id: string, paths: readonly string[]): Error {
  const other = paths.filter((path) => path.endsWith(".onnx"));
  const found = other.length === 0 ? "it has no .onnx file" : `it has only ${other.slice(0, 5).join(", ")}`;
  const deeper = other.some((path) => path.replace(/^onnx\//, "").includes("/"));
  const hint = deeper ? " Load the folder that holds one." : "";
  return fault(
    "model_failed",
    `The model ${id} has no onnx/model.onnx and no variant of it: ${found}.${hint}`,
  );
}

/** The variant to run, with all its data files. Throws model_failed naming the first that is missing. */
async function chooseWhole(
  folder: string,
  files: readonly ModelFile[],
  options: FolderOptions,
): Promise<ModelFile> {
  const { id } = options;
  let left = files;
  let problem: Error | null = null;
  while (left.length > 0) {
    const file = chooseFile(id, left, options);
    const found = await withData(folder, file, options.root);
    if ("file" in found) return found.file;
    problem ??= fault(
      "model_failed",
      `The file ${found.missing} of the model ${id} is missing: ${file.path} keeps its weights in it.`,
    );
    if (options.skipIncomplete !== true || parseVariant(options.variant) !== null) break;
    left = left.filter((other) => other !== file);
  }
  throw problem ?? noGraphError(id, []);
}
