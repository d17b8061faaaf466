// Files that a repository does not have, as Python's huggingface_hub keeps them: an empty file
//   models--owner--name/.no_exist/<commit>/<path>
// A commit never changes, so that they need not be looked for again. Kept are those without which only the hub could
// say whether a snapshot is whole.
import { dirname, join } from "node:path";
import { CONFIG_FILES } from "../folder/genai.ts";
import { readFileSize } from "../folder/listing.ts";
import type { Repository } from "./repository.ts";

/** What a tokenizer is known by, any file of each list: where none is there, nor known to be absent, the hub may have
 * another tokenizer, or one with more tokens, ends and chat templates. */
export const TOKENIZER_SIGNS: readonly (readonly string[])[] = [["tokenizer.json"], [
  "tokenizer_config.json",
]];
/** The same of a model. */
export const MODEL_SIGNS = [...TOKENIZER_SIGNS, CONFIG_FILES];

function placeOf(folder: string, commit: string, path: string): string {
  return join(folder, ".no_exist", commit, ...path.split("/"));
}

/** Keeps that `repository`, whose place in the cache is `folder`, lacks such files. Where nothing can be written the
 * hub is asked again. */
export async function keepAbsent(folder: string, { files, commit, inside = "" }: Repository): Promise<void> {
  const isThere = (name: string) => files.some(({ path }) => path === name);
  for (const name of MODEL_SIGNS.filter((names) => !names.some(isThere)).flat()) {
    const place = placeOf(folder, commit, inside + name);
    if (await readFileSize(place) !== null) continue;
    await Deno.mkdir(dirname(place), { recursive: true }).then(() => Deno.writeTextFile(place, "")).catch(
      () => {},
    );
  }
}

/** Whether the repository in `folder` is known to lack the file at `path`. */
export async function isAbsent(folder: string, commit: string, path: string): Promise<boolean> {
  return await readFileSize(placeOf(folder, commit, path)) !== null;
}
