// genai_config.json, which onnxruntime-genai writes beside its graphs, some without a config.json.
import { isRecord } from "../../basics/is_record.ts";
import { OTHER_SENSES } from "./config.ts";
import { DEEPEST } from "./listing.ts";
import { readJson, type SmallFiles } from "./small_files.ts";
import type { JsonObject } from "./types.ts";

export const GENAI_CONFIG = "genai_config.json";
/** Files that say what kind of model a folder holds; the first that is there counts. */
export const CONFIG_FILES: readonly string[] = ["config.json", GENAI_CONFIG];

/** The file of a folder that says what kind of model it holds; null: there is none. `has`: whether a file is there. */
export function configFileOf(has: (name: string) => boolean): string | null {
  return CONFIG_FILES.find(has) ?? null;
}

/** What that file says, as a config.json says it; nothing where there is none. Throws what `read` throws. */
export async function readConfig(files: SmallFiles, read: typeof readJson = readJson): Promise<JsonObject> {
  const name = configFileOf(files.has);
  return name === null ? {} : asConfig(name, await read(files, name));
}

/** What the file of this name says, as a config.json says it. */
export function asConfig(name: string, content: JsonObject): JsonObject {
  return name === GENAI_CONFIG ? configOfGenai(content) : content;
}

/** The graph that a genai_config.json names; null where it names none. */
export function readGraphName(content: JsonObject): string | null {
  const decoder = isRecord(content.model) && isRecord(content.model.decoder) ? content.model.decoder : {};
  return typeof decoder.filename === "string" ? decoder.filename : null;
}

/** What folders are called whose graphs run on other devices than the processor. */
const OTHER_DEVICES = /cuda|gpu|directml|dml|qnn|(?<![a-z])npu|openvino|vitis|tensorrt|(?<![a-z])trt/i;

/** Those of the folders with a genai_config.json, not too deep, that hold a model for the processor, the plainest
 * first: repositories of onnxruntime-genai have one for each device and way of storing weights
 * (cpu_and_mobile/cpu-int4-rtn-block-32). */
export function chooseGenaiFolders(folders: readonly string[]): string[] {
  return folders.filter((folder) => !OTHER_DEVICES.test(folder) && depthOf(folder) <= DEEPEST).toSorted((
    a,
    b,
  ) => a.length - b.length || (a < b ? -1 : 1));
}

function depthOf(folder: string): number {
  return folder.split("/").filter((part) => part !== "").length;
}

/** Words in a folder's name that say where its graph runs and how its weights are stored, and not of which model. */
const HOW =
  /^(cpu|x86|x64|arm64|and|mobile|generic|onnx|(u?int|bf|fp|float|q)\d+\w*|rtn|awq|gptq|k|k?quant|quantized|(block|level)\d+|acc)$/;

/** The models in `folders` by the names of their outermost folders; one name, or none, where these are the same model
 * in several forms. */
export function findModelsIn(folders: readonly string[]): string[] {
  const names = new Map<string, string>();
  for (const folder of folders) {
    const top = folder.split("/")[0]!;
    const words = top.toLowerCase().replace(/(block|level)[-_](?=\d)/g, "$1").split(/[-_]+/);
    const model = words.filter((word) => !HOW.test(word)).join("-");
    names.set(model, names.get(model) ?? top);
  }
  return [...names.values()].sort();
}

/** What a config.json would say of the model that `genai` (genai_config.json) describes; what it leaves out is left
 * out. */
function configOfGenai(genai: JsonObject): JsonObject {
  const model = isRecord(genai.model) ? genai.model : {};
  const decoder = isRecord(model.decoder) ? model.decoder : {};
  const { type: model_type, vocab_size, bos_token_id, eos_token_id } = model;
  const { hidden_size, num_attention_heads, num_hidden_layers } = decoder;
  return {
    ...{ model_type, vocab_size, bos_token_id, eos_token_id },
    ...{ hidden_size, num_attention_heads, num_hidden_layers },
    num_key_value_heads: decoder.num_key_value_heads,
    head_dim: decoder.head_size,
    max_position_embeddings: model.context_length,
    is_encoder_decoder: isRecord(model.encoder),
    ...Object.fromEntries(OTHER_SENSES.map((part) => [`${part}_config`, model[part]])),
  };
}
