// Reads a model folder in the hub's ONNX layout: the JSON files, and which graph to run. It opens neither the
// graph nor the tokenizer. Every fault is a sentence that names the file.
import { messageOf } from "../../basics/message_of.ts";
import { readSystemError } from "../../basics/system_error.ts";
import { isRecord } from "../../basics/is_record.ts";
import { join } from "node:path";
import type { Device } from "../../wire/device.ts";
import { fault } from "../../fault.ts";
import { chooseFile } from "./choose.ts";
import {
  estimateParameters,
  readChatTemplates,
  readContextLength,
  readEosTokenIds,
  refuseOtherKinds,
  withOlderFiles,
} from "./config.ts";
import { withData } from "./external.ts";
import { asConfig, configFileOf } from "./genai.ts";
import { findGraphsBelow, listFolder } from "./listing.ts";
import { findModelFilesIn } from "./local.ts";
import { readTemplateFiles } from "./template_files.ts";
import { type OtherTokenizer, readOtherTokenizer } from "./tokenizer_files.ts";
import type { JsonObject, ListedFile, ModelFile, ModelFolder, ModelTokenizer } from "./types.ts";

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
  const has = (name: string) => listing.some((file) => file.path === name);
  const read = (name: string) => readJson(join(folder, name), name, id);
  const readOptional = (name: string) => has(name) ? read(name) : Promise.resolve(null);

  const configFile = configFileOf(has);
  const config = configFile === null ? {} : asConfig(configFile, await read(configFile));
  refuseOtherKinds(id, config);
  refuseOtherParts(id, listing);
  const files = await findModelFilesIn(folder, listing);
  if (files.length === 0) {
    throw noGraphError(id, [...listing.map((file) => file.path), ...await findGraphsBelow(folder)]);
  }
  const file = await chooseWhole(folder, files, options);
  const text = await readTextParts(folder, id, has, readOptional, config);
  const { tokenizerConfig } = text;
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
    contextLength: readContextLength(config, tokenizerConfig),
    chatTemplates: readChatTemplates(tokenizerConfig, await readTemplateFiles(folder, listing)),
    parameters: estimateParameters(config),
  };
}

/** What a folder says of texts: how they are encoded, and where one ends. */
async function readTextParts(
  folder: string,
  id: string,
  has: (name: string) => boolean,
  read: (name: string) => Promise<JsonObject | null>,
  config: JsonObject,
): Promise<Pick<ModelFolder, "generationConfig" | "tokenizer" | "tokenizerConfig">> {
  const written = await readTokenizerConfig(read);
  const other = has("tokenizer.json")
    ? null
    : await readOtherTokenizer(id, has, (name) => Deno.readFile(join(folder, name)), {
      config,
      tokenizerConfig: written,
    });
  const tokenizerConfig = other?.tokenizerConfig ?? written;
  const generationConfig = await read("generation_config.json");
  return {
    ...{ generationConfig, tokenizerConfig },
    async tokenizer(parse) {
      const { bytes, json } =
        await (other === null ? readTokenizer(folder, id, parse) : readOther(other, parse));
      return { bytes, json, eosTokenIds: readEosTokenIds(config, generationConfig, tokenizerConfig, json) };
    },
  };
}

/** What the small files of a folder say of its tokenizer; `read` gives null for one that is not there. */
export async function readTokenizerConfig(
  read: (name: string) => Promise<JsonObject | null>,
): Promise<JsonObject> {
  return withOlderFiles(
    await read("tokenizer_config.json") ?? {},
    await read("special_tokens_map.json"),
    await read("added_tokens.json"),
  );
}

async function readTokenizer(
  folder: string,
  id: string,
  parse: Parameters<ModelFolder["tokenizer"]>[0] = () => Promise.resolve(null),
): Promise<Pick<ModelTokenizer, "bytes" | "json">> {
  const bytes = await readBytes(join(folder, "tokenizer.json"), "tokenizer.json", id);
  const json = await parse(bytes) ?? parseObject(bytes, "tokenizer.json", id);
  return { bytes, json };
}

async function readOther(
  { text, json }: OtherTokenizer,
  parse: Parameters<ModelFolder["tokenizer"]>[0] = () => Promise.resolve(null),
): Promise<Pick<ModelTokenizer, "bytes" | "json">> {
  const bytes = new TextEncoder().encode(text);
  return { bytes, json: await parse(bytes) ?? json };
}

/** A JSON object of a model's folder. Throws model_failed with the file and what is wrong with it. */
export async function readJson(path: string, name: string, id: string): Promise<JsonObject> {
  return parseObject(await readBytes(path, name, id), name, id);
}

async function readBytes(path: string, name: string, id: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    const why = readSystemError(error)?.reason ?? messageOf(error);
    throw unreadFileError(name, id, missing ? "is missing" : `cannot be read (${why})`);
  }
}

function unreadFileError(name: string, id: string, why: string): Error {
  return fault("model_failed", `The file ${name} of the model ${id} ${why}.`);
}

function parseObject(bytes: Uint8Array, name: string, id: string): JsonObject {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); // JSON has none
  let value: unknown;
  try {
    value = JSON.parse(withoutPythonNumbers(text));
  } catch (error) {
    if (text.startsWith("version https://git-lfs")) {
      const pointer = 'is a Git LFS pointer, not the file itself; fetch it with "git lfs pull"';
      throw fault("model_failed", `The file ${name} of the model ${id} ${pointer}.`);
    }
    const why = (error as Error).message;
    throw fault("model_failed", `The file ${name} of the model ${id} is not valid JSON: ${why}.`);
  }
  if (isRecord(value)) return value;
  throw fault("model_failed", `The file ${name} of the model ${id} must hold a JSON object.`);
}

/** Python's json writes numbers that JSON has not (`"time_step_limit": [0.0, Infinity]` in Mamba's configs): infinity
 * as the largest exponent, NaN as null. */
function withoutPythonNumbers(text: string): string {
  if (!/\b(?:Infinity|NaN)\b/.test(text)) return text;
  return text.replace(
    /"(?:[^"\\]|\\.)*"|\bInfinity\b|\bNaN\b/g,
    (part) => part === "Infinity" ? "1e999" : part === "NaN" ? "null" : part,
  );
}

/** Throws model_failed where the listing shows parts that a decoder-only model does not have. */
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
    if (options.skipIncomplete !== true || options.variant) break;
    left = left.filter((other) => other !== file);
  }
  throw problem ?? noGraphError(id, []);
}
