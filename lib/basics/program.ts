// Where the files of this program lie, run from its sources or from what the build made of them (lib/build/program.ts).
import { pathOfUrl } from "./path_of_url.ts";

/** Where the build puts the program, from the repository's folder. */
export const BUILT_FOLDER = "_fresh/app";

const begin = import.meta.url.lastIndexOf(`/${BUILT_FOLDER}/`);
const isBuilt = begin >= 0 && import.meta.url.endsWith(".js");
const folder = isBuilt ? new URL(import.meta.url.slice(0, begin + 1)) : new URL("../../", import.meta.url);

/** The repository's folder, absolute, without a slash at the end. */
export function programFolder(): string {
  return pathOfUrl(folder).replace(/[\\/]$/, "");
}

/** The URL of a module that a process or a Worker begins with; `source`: its path from the repository's folder. */
export function entryUrlOf(source: string): URL {
  return new URL(isBuilt ? `${BUILT_FOLDER}/${source.replace(/\.ts$/, ".js")}` : source, folder);
}
