// The ONNX files of a model folder or repository as variants of one model: which quantization a file name stands
// for, which other files hold its weights, and what the variant costs in fidelity.
import { GENAI_CONFIG, readGraphName } from "./genai.ts";
import type { JsonObject, ListedFile, ModelFile } from "./types.ts";

/** What a file name's ending says about the numbers inside. */
interface VariantKind {
  readonly quantization: string;
  readonly arithmetic: "float32" | "float16";
  readonly bitsPerWeight: number;
  readonly fidelity: string;
}

const FP32 = createKind("fp32", "float32", 32, "fp32: the full 32-bit weights, nothing is lost");

// Endings as the hub's exporters write them (optimum, transformers.js): model_<ending>.onnx.
const KINDS: Readonly<Record<string, VariantKind>> = {
  "": FP32,
  fp32: FP32,
  fp16: createKind(
    "fp16",
    "float16",
    16,
    "fp16: 16-bit weights and arithmetic; probabilities move by about 0.001",
  ),
  q4: createKind(
    "q4",
    "float32",
    4.5,
    "q4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
  ),
  q4f16: createKind(
    "q4f16",
    "float16",
    4.5,
    "q4f16: 4-bit weights, 16-bit arithmetic; the model itself is a little different",
  ),
  int4: createKind(
    "int4",
    "float32",
    4.5,
    "int4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
  ),
  q2: createKind("q2", "float32", 2.5, "q2: 2-bit weights, 32-bit arithmetic; clearly a different model"),
  q2f16: createKind(
    "q2f16",
    "float16",
    2.5,
    "q2f16: 2-bit weights, 16-bit arithmetic; clearly a different model",
  ),
  q1: createKind("q1", "float32", 1.5, "q1: 1-bit weights, 32-bit arithmetic; clearly a different model"),
  q1f16: createKind(
    "q1f16",
    "float16",
    1.5,
    "q1f16: 1-bit weights, 16-bit arithmetic; clearly a different model",
  ),
  bnb4: createKind(
    "bnb4",
    "float32",
    4.5,
    "bnb4: 4-bit weights (NF4), 32-bit arithmetic; the model is a little different",
  ),
  quantized: createKind("q8", "float32", 8, describeEightBit("q8")),
  q8: createKind("q8", "float32", 8, describeEightBit("q8")),
  int8: createKind("int8", "float32", 8, describeEightBit("int8")),
  uint8: createKind("uint8", "float32", 8, describeEightBit("uint8")),
  other: createKind("other", "float32", 32, "other: the file's name does not say how its weights are stored"),
};

const ALIASES: Readonly<Record<string, string>> = {
  float32: "fp32",
  float16: "fp16",
  half: "fp16",
  quantized: "q8",
};

function createKind(
  quantization: string,
  arithmetic: "float32" | "float16",
  bitsPerWeight: number,
  fidelity: string,
): VariantKind {
  return { quantization, arithmetic, bitsPerWeight, fidelity };
}

function describeEightBit(name: string): string {
  return `${name}: 8-bit weights and 8-bit activations; single probabilities move by up to about 0.1`;
}

/** The quantization that a `variant` names, or null for an unknown name. "auto" and "" name none: the caller leaves
 * them out. */
export function quantizationOf(variant: string): string | null {
  const name = variant.trim().toLowerCase();
  const wanted = ALIASES[name] ?? name;
  return Object.values(KINDS).some((entry) => entry.quantization === wanted) ? wanted : null;
}

/** Every quantization that a `variant` may name. */
export function listQuantizations(): readonly string[] {
  return [...new Set(Object.values(KINDS).map((entry) => entry.quantization))];
}

/** Every `dtype` that a request may ask for, older names of the same included. */
export function listDtypeNames(): readonly string[] {
  return ["", "auto", ...listQuantizations(), ...Object.keys(ALIASES)];
}

/** What a decoder's file is called, the better ones first: as it is exported now; before, with the runs that have a
 * past and those that have none in one graph; or in two files, of which this one reads the whole text each time. */
const STEMS = ["model", "decoder_model_merged", "decoder_model"];

/** The runnable model files of a listing: `onnx/model*.onnx`, or where there is none `model*.onnx` at the top, or such
 * files under an older name, or those of the only model there under whatever name (of several, that of the file
 * `named`), each with its external data (`_data`, `_data_1` ..., `.data`) and the bytes of all of it together. */
export function findModelFiles(listing: readonly ListedFile[], named: string | null = null): ModelFile[] {
  const files = findUsualFiles(listing);
  return files.length > 0 ? files : findOddFiles(listing, named);
}

/** The same; of several models those of the one that genai_config.json names, which `read` reads where that decides. */
export async function findModelFilesIn(
  listing: readonly ListedFile[],
  read: () => Promise<JsonObject>,
): Promise<ModelFile[]> {
  const files = findModelFiles(listing);
  const isOpen = files.length === 0 && listing.some(({ path }) => path.endsWith(".onnx"));
  if (!isOpen || !listing.some(({ path }) => path === GENAI_CONFIG)) return files;
  return findModelFiles(listing, readGraphName(await read()));
}

/** Those under the names that exporters give them. */
export function findUsualFiles(listing: readonly ListedFile[]): ModelFile[] {
  for (const stem of STEMS) {
    for (const prefix of ["onnx/", ""]) {
      const files = findVariants(prefix + stem, listing);
      if (files.length > 0) return files;
    }
  }
  return [];
}

function findVariants(stem: string, listing: readonly ListedFile[]): ModelFile[] {
  const files: ModelFile[] = [];
  for (const entry of listing) {
    if (!entry.path.startsWith(stem)) continue;
    const ending = /^(?:_([a-z0-9]+))?\.onnx$/.exec(entry.path.slice(stem.length));
    const found = ending === null ? undefined : KINDS[ending[1] ?? ""];
    if (found !== undefined) files.push(fileOf(entry, found, listing));
  }
  return withoutTwins(files);
}

/** The same without the file whose name says fp32 where one whose name says nothing is that, too. */
function withoutTwins(files: readonly ModelFile[]): ModelFile[] {
  const whole = files.filter(({ quantization }) => quantization === "fp32");
  const plain = whole.find(({ path }) => !/fp32/i.test(path.slice(path.lastIndexOf("/") + 1)));
  return files.filter((file) => plain === undefined || file === plain || !whole.includes(file));
}

function fileOf(
  { path, bytes }: ListedFile,
  { quantization, arithmetic, fidelity }: VariantKind,
  listing: readonly ListedFile[],
): ModelFile {
  const external = listing.filter((other) => isExternalOf(path, other.path));
  return {
    ...{ path, external: external.map((other) => other.path) },
    bytes: external.reduce((sum, other) => sum + other.bytes, bytes),
    ...{ quantization, arithmetic, fidelity },
  };
}

/** Graphs that are parts of a model, and none that writes text. */
const PARTS = /encoder|with_past|vision|audio|speech|image|embed|token|process|lm_head/i;

/** The files of one model whose names differ in what they say of the numbers inside only; none where the folder has
 * several models. */
function findOddFiles(listing: readonly ListedFile[], named: string | null): ModelFile[] {
  for (const prefix of ["onnx/", ""]) {
    const models = new Map<string, { readonly entry: ListedFile; readonly word: string | null }[]>();
    for (const entry of listing) {
      const name = /^([^/]+)\.onnx$/.exec(entry.path.slice(prefix.length))?.[1];
      if (!entry.path.startsWith(prefix) || name === undefined || PARTS.test(name)) continue;
      const words = name.toLowerCase().split(/[^a-z0-9]+/);
      const word = words.findLast((word) => word !== "" && Object.hasOwn(KINDS, word)) ?? null;
      const model = words.filter((one) => one !== word).join("-");
      models.set(model, [...models.get(model) ?? [], { entry, word }]);
    }
    const found = [...models.values()].map((graphs) => {
      const unsaid = graphs.some(({ word }) => word !== null) ? "" : "other"; // beside others it is the model itself
      return withoutTwins(graphs.map(({ entry, word }) => fileOf(entry, KINDS[word ?? unsaid]!, listing)));
    });
    const wanted = found.find((files) => files.some(({ path }) => path === named));
    if (found.length > 0) return wanted ?? (found.length === 1 ? found[0]! : []);
  }
  return [];
}

function isExternalOf(graph: string, path: string): boolean {
  if (!path.startsWith(graph)) return false;
  return /^(_data(_\d+)?|\.data)$/.test(path.slice(graph.length));
}
