// The ONNX files of a model folder or repository as variants of one model: which of them are runnable, and which other
// files hold their weights.
import { findOwn } from "../../basics/find_own.ts";
import { GENAI_CONFIG, readGraphName } from "./genai.ts";
import { KINDS, type VariantKind } from "./quantizations.ts";
import type { JsonObject, ListedFile, ModelFile } from "./types.ts";

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
    const found = ending === null ? undefined : findOwn(KINDS, ending[1] ?? "");
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
