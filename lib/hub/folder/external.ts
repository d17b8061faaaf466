// Which external data files a graph names, found without parsing it: their names stand in it as plain text.
import { join } from "node:path";
import { fileSize } from "./listing.ts";
import type { ModelFile } from "./types.ts";

/** Graphs with external data are small; a larger file carries its weights itself. */
const LARGEST_GRAPH = 16 * 1024 * 1024;

/** The relative path of a data file that the graph names and `folder` lacks; null where nothing is missing. */
export async function missingData(folder: string, file: ModelFile): Promise<string | null> {
  const graph = join(folder, ...file.path.split("/"));
  const bytes = await fileSize(graph);
  if (bytes === null) return file.path;
  if (bytes > LARGEST_GRAPH) return null;
  const base = file.path.slice(file.path.lastIndexOf("/") + 1);
  const text = new TextDecoder("latin1").decode(await Deno.readFile(graph));
  const named = text.matchAll(new RegExp(`${RegExp.escape(base)}(?:_data(?:_\\d+)?|\\.data)`, "g"));
  const prefix = file.path.slice(0, file.path.length - base.length);
  for (const name of new Set([...named].map((match) => match[0]))) {
    if (await fileSize(join(folder, ...`${prefix}${name}`.split("/"))) === null) return prefix + name;
  }
  return null;
}
