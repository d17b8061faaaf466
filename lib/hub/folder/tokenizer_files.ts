// The files of a model that hold its tokenizer: tokenizer.json, or where there is none what the classes of Transformers
// read instead, which is converted.
import { fault, faultOf } from "../../fault.ts";
import { readBytes, type SmallFiles } from "./small_files.ts";
import type { JsonObject } from "./types.ts";

/** Sets of files that hold a tokenizer without tokenizer.json. */
const SETS = [["vocab.json", "merges.txt"], ["vocab.txt"], ["tokenizer.model"], ["tiktoken.model"], [
  "tekken.json",
]];

/** Files that hold one in a form that is not read. */
const UNREAD = ["spiece.model", "sentencepiece.bpe.model", "spm.model", "vocab.json"];

/** The files of a tokenizer that has no tokenizer.json. */
export const OTHER_TOKENIZER_FILES: readonly string[] = SETS.flat();

/** Whether a folder has a tokenizer. `has`: whether a file is there. */
export function hasTokenizer(has: (name: string) => boolean): boolean {
  return has("tokenizer.json") || SETS.some((names) => names.every(has));
}

/** A tokenizer of other files, in the form of tokenizer.json. */
export interface OtherTokenizer {
  readonly text: string; // of a tokenizer.json that means the same
  readonly json: JsonObject;
  readonly tokenizerConfig: JsonObject; // with what its class says where the folder says nothing
}

/** Reads the tokenizer of a model without tokenizer.json. Throws model_failed where there is none that can be read. */
export async function readOtherTokenizer(
  files: SmallFiles,
  configs: { readonly config: JsonObject; readonly tokenizerConfig: JsonObject },
): Promise<OtherTokenizer> {
  const { id, has } = files;
  refuseWithoutTokenizer(id, has);
  const names = SETS.filter((set) => set.every(has)).flat();
  const contents = await Promise.all(
    names.map(async (name) => [name, await readBytes(files, name)] as const),
  );
  const { convertTokenizer } = await import("../../text/converted/convert.ts");
  try {
    const { json, config } = convertTokenizer(Object.fromEntries(contents), configs);
    return { text: JSON.stringify(json), json, tokenizerConfig: config };
  } catch (error) {
    if (faultOf(error)?.code !== "unsupported") throw error;
    throw noTokenizerError(id, names.join(" and "), (error as Error).message);
  }
}

/** Throws model_failed where the model `id` has no tokenizer. `has`: whether a file is there. */
export function refuseWithoutTokenizer(id: string, has: (name: string) => boolean): void {
  if (!hasTokenizer(has)) throw noTokenizerError(id, UNREAD.find(has));
}

function noTokenizerError(id: string, other: string | undefined, why?: string): Error {
  const reason = why === undefined ? "" : ` (${why})`;
  const more = other === undefined
    ? ""
    : `; ${other} cannot be read here${reason}. Transformers writes tokenizer.json when it saves the model's tokenizer`;
  return fault("model_failed", `The file tokenizer.json of the model ${id} is missing${more}.`);
}
