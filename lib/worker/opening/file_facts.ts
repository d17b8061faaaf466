// What tells a model's files on disk from those that another start found.
import { join } from "node:path";
import type { ModelFolder } from "../../hub/folder/types.ts";

/** Place (a blob's name is its checksum), bytes and time of a file. */
export type FileFacts = readonly [place: string, bytes: number, modified: number | null];

/** Real place, bytes and modification time of a file. Rejects where it is not there. */
export async function factsOf(path: string): Promise<FileFacts> {
  const place = await Deno.realPath(path);
  const { size, mtime } = await Deno.stat(place);
  return [place, size, mtime?.getTime() ?? null];
}

/** Of the graph and of its weights. */
export async function readFileFacts(
  { folder, file }: Pick<ModelFolder, "folder" | "file">,
): Promise<readonly FileFacts[]> {
  const paths = [file.path, ...file.external];
  return await Promise.all(paths.map((path) => factsOf(join(folder, ...path.split("/")))));
}
