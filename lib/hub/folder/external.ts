// The files besides its graph that hold a variant's weights: those that the graph itself names, whatever they are
// called.
import { join, posix } from "node:path";
import { fault } from "../../fault.ts";
import { leadsOut, listDataLocations } from "../../onnx/data_locations.ts";
import { isBelow, readFileSize } from "./listing.ts";
import type { ModelFile } from "./types.ts";

/** The paths of the data files that the graph at `place` names, below the folder that has it as `file`. Throws
 * model_failed where one lies outside. */
export function readDataPaths(file: ModelFile, place: string): string[] {
  const prefix = file.path.slice(0, file.path.lastIndexOf("/") + 1);
  const paths = listDataLocations(place).map((location) => {
    if (!leadsOut(location)) return posix.normalize(prefix + location.replaceAll("\\", "/"));
    throw fault(
      "model_failed",
      location === ""
        ? `${file.path} does not say which file holds its weights: export it anew.`
        : `${file.path} refers to weights outside its own folder: "${location}".`,
    );
  });
  return [...new Set(paths)];
}

/** `file` with the data files that its graph in `folder` names, of which all must be there; null and what is missing
 * where one is not. With a `root` none may lie outside it by way of links. Throws model_failed. */
export async function withData(
  folder: string,
  file: ModelFile,
  root?: string,
): Promise<{ readonly file: ModelFile } | { readonly missing: string }> {
  const graph = join(folder, ...file.path.split("/"));
  if (await readFileSize(graph) === null) return { missing: file.path };
  const named = readDataPaths(file, graph);
  let bytes = file.bytes;
  for (const path of named) {
    const place = join(folder, ...path.split("/"));
    const size = await readFileSize(place);
    if (size === null) return { missing: path };
    if (root !== undefined && !isBelow(await Deno.realPath(place), await Deno.realPath(root))) {
      throw fault("model_failed", `${path} is a link that leads out of the models folder.`);
    }
    if (!file.external.includes(path)) bytes += size;
  }
  return { file: { ...file, external: [...new Set([...file.external, ...named])], bytes } };
}

/** The relative path of a data file that the graph names and `folder` lacks; null where nothing is missing. */
export async function findMissingData(folder: string, file: ModelFile): Promise<string | null> {
  const found = await withData(folder, file);
  return "missing" in found ? found.missing : null;
}
