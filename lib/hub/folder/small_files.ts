// The files of a model beside its weights, read by their names wherever they lie: in a folder, or as blobs of the hub's
// cache that no snapshot shows yet. Every fault is a sentence that names the file.
import { join } from "node:path";
import { isRecord } from "../../basics/is_record.ts";
import { messageOf } from "../../basics/message_of.ts";
import { readSystemError } from "../../basics/system_error.ts";
import { fault } from "../../fault.ts";
import type { JsonObject, ListedFile } from "./types.ts";

/** Which files of a model are there, and where. */
export interface SmallFiles {
  readonly id: string; // the model's, for sentences
  readonly paths: readonly string[]; // relative, with "/"
  readonly has: (path: string) => boolean;
  readonly placeOf: (path: string) => string; // where a file lies on this disk
}

/** The files of the model `id` that are listed in `listing`. */
export function createSmallFiles(
  id: string,
  listing: readonly ListedFile[],
  placeOf: (path: string) => string,
): SmallFiles {
  const paths = listing.map(({ path }) => path);
  const names = new Set(paths);
  return { id, paths, has: (path) => names.has(path), placeOf };
}

/** Those of a folder on this disk. */
export function smallFilesOf(folder: string, id: string, listing: readonly ListedFile[]): SmallFiles {
  return createSmallFiles(id, listing, (path) => join(folder, ...path.split("/")));
}

/** The bytes of a file. Throws model_failed with the file and what is wrong with it. */
export async function readBytes(files: SmallFiles, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(files.placeOf(name));
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    const why = readSystemError(error)?.reason ?? messageOf(error);
    throw unreadFileError(name, files.id, missing ? "is missing" : `cannot be read (${why})`);
  }
}

/** A file's text, whatever of it is no UTF-8 replaced. Throws as readBytes. */
export async function readText(files: SmallFiles, name: string): Promise<string> {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readBytes(files, name));
}

/** A file's JSON object. Throws model_failed with the file and what is wrong with it. */
export async function readJson(files: SmallFiles, name: string): Promise<JsonObject> {
  return parseObject(await readBytes(files, name), name, files.id);
}

/** The same, null where there is no such file. */
export async function readJsonIfThere(files: SmallFiles, name: string): Promise<JsonObject | null> {
  return files.has(name) ? await readJson(files, name) : null;
}

/** The same for a list, which must not fail for one broken folder: loading it says what is wrong. */
export async function readJsonOrNothing(files: SmallFiles, name: string): Promise<JsonObject> {
  return await readJson(files, name).catch(() => ({}));
}

/** The JSON object in a file's `bytes`. Throws model_failed. */
export function parseObject(bytes: Uint8Array, name: string, id: string): JsonObject {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); // JSON has none
  let value: unknown;
  try {
    value = JSON.parse(withoutPythonNumbers(text));
  } catch (error) {
    if (text.startsWith("version https://git-lfs")) {
      const pointer = 'is a Git LFS pointer, not the file itself; fetch it with "git lfs pull"';
      throw unreadFileError(name, id, pointer);
    }
    throw unreadFileError(name, id, `is not valid JSON: ${(error as Error).message}`);
  }
  if (isRecord(value)) return value;
  throw unreadFileError(name, id, "must hold a JSON object");
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

function unreadFileError(name: string, id: string, why: string): Error {
  return fault("model_failed", `The file ${name} of the model ${id} ${why}.`);
}
