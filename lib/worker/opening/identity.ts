// What tells one model from another: keys that every answer carries, so that probabilities of one model are never
// shown as another's. They are opaque hashes; only "the same" and "another" can be read from them.
import { basename, dirname, join } from "node:path";
import { sha256, shortHash } from "../../basics/sha256.ts";
import type { ModelFolder, ModelTokenizer } from "../../hub/folder/types.ts";
import type { Device } from "../../wire/device.ts";
import { isCommit } from "../../hub/folder/names.ts";

/** Parts of a file that are read where no commit names its content, and the bytes of each. */
const SAMPLES = 64;
const SAMPLE_BYTES = 4096;

/** The keys of `ModelInfo`. */
export interface ModelKeys {
  readonly modelKey: string;
  readonly tokenizerKey: string;
}

type Folder = Pick<
  ModelFolder,
  | "id"
  | "folder"
  | "file"
  | "tokenizerConfig"
  | "chatTemplates"
  | "contextLength"
  | "arithmetic"
>;

/** The keys of a model that runs on `device`.
 *
 * The tokenizer's is that of tokenizer.json and of the tokens that are in no list there (`unlisted`), which say what
 * each id stands for. The model's is of its id, its files
 * (by the hub's commit; elsewhere by size and samples of their content, so that a file that was replaced is another
 * model), what text it reads (tokenizer, chat template), device and arithmetic. */
export async function keysOf(
  model: Folder,
  { bytes, eosTokenIds }: Pick<ModelTokenizer, "bytes" | "eosTokenIds">,
  device: Device,
  unlisted: readonly string[],
): Promise<ModelKeys> {
  const { id, folder, file, tokenizerConfig, chatTemplates, contextLength, arithmetic } = model;
  const tokenizerKey = await shortHash([bytes, ...unlisted]);
  const commit = commitOf(folder);
  const content = commit === null
    ? await Promise.all(
      [file.path, ...file.external].map((path) => sampleOf(join(folder, ...path.split("/")))),
    )
    : [];
  const reading = [tokenizerKey, tokenizerConfig, chatTemplates, contextLength, eosTokenIds];
  const facts = JSON.stringify([id, commit, file.path, device, arithmetic, ...reading]);
  return { modelKey: await shortHash([facts, ...content]), tokenizerKey };
}

/** The commit of a snapshot in the hub's cache, null for any other folder. */
function commitOf(folder: string): string | null {
  const name = basename(folder);
  return basename(dirname(folder)) === "snapshots" && isCommit(name) ? name : null;
}

/** A hash of a file's size and of parts spread evenly over it (all of it where it is small). */
async function sampleOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  if (size <= SAMPLES * SAMPLE_BYTES) return await shortHash([await Deno.readFile(path)]);
  const samples = new Uint8Array(SAMPLES * SAMPLE_BYTES);
  let length = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const at = Math.floor(sample * (size - SAMPLE_BYTES) / (SAMPLES - 1)); // the last one ends with the file
    await file.seek(at, Deno.SeekMode.Start);
    length += await file.read(samples.subarray(length, length + SAMPLE_BYTES)) ?? 0;
  }
  return await sha256([`${size} `, samples.subarray(0, length)]);
}
