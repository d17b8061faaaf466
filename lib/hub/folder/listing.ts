// The files of a model folder on disk, at the top and in onnx/. Links are followed; with a `root` none may lead out.
import { join, sep } from "node:path";
import { fault } from "../../fault.ts";
import { isOutOfReach } from "./disk.ts";
import { TEMPLATE_FOLDER } from "./template_files.ts";
import type { ListedFile } from "./types.ts";

const FEW_GRAPHS = 5;
/** How deep in a folder or a repository a folder with a model is looked for. */
export const DEEPEST = 3;

/** Files at the top of `folder`, in its `onnx` folder and in that of its templates, with sizes, sorted by path. Throws
 * model_failed where there is no folder, invalid_request where a file lies outside `root` by way of a link. */
export async function listFolder(folder: string, id: string, root?: string): Promise<ListedFile[]> {
  if (!await isFolder(folder)) {
    throw fault("model_failed", `There is no folder for the model ${id}: ${folder} does not exist.`);
  }
  const files: ListedFile[] = [];
  for (const prefix of ["", "onnx/", TEMPLATE_FOLDER]) {
    const here = join(folder, prefix);
    if (!await isFolder(here)) continue;
    if (root !== undefined) await refuseOutside(here, root, prefix === "" ? "The model folder" : prefix);
    for await (const entry of Deno.readDir(here)) {
      const path = join(here, entry.name);
      if (entry.isSymlink && root !== undefined) await refuseOutside(path, root, prefix + entry.name);
      const bytes = await readFileSize(path);
      if (bytes !== null) files.push({ path: prefix + entry.name, bytes });
    }
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Graphs in folders of `folder` that hold no model's files as this program looks for them (onnxruntime-genai has them
 * in folders of their own), two deep at most and no more than a few. */
export async function findGraphsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (prefix: string, deep: number): Promise<void> => {
    for (const { name, isDirectory, isFile } of await entriesOf(join(folder, prefix))) {
      if (found.length === FEW_GRAPHS) return;
      if (isFile && deep > 0 && prefix !== "onnx/" && name.endsWith(".onnx")) found.push(prefix + name);
      if (isDirectory && deep < 2) await look(`${prefix}${name}/`, deep + 1);
    }
  };
  await look("", 0);
  return found;
}

/** Folders below `folder`, DEEPEST at most, that have a file called `file`; relative, with "/" at their ends. */
export async function findFoldersWith(folder: string, file: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (prefix: string, deep: number): Promise<void> => {
    for (const { name, isDirectory } of await entriesOf(join(folder, prefix))) {
      if (name === file && deep > 0) found.push(prefix);
      if (isDirectory && deep < DEEPEST) await look(`${prefix}${name}/`, deep + 1);
    }
  };
  await look("", 0);
  return found;
}

/** Whether `path` is `root` or lies below it, by name alone; both absolute and without "..". */
export function isBelow(path: string, root: string): boolean {
  const base = root.endsWith(sep) ? root : root + sep;
  return path === root || path.startsWith(base);
}

/** Whether there is a folder at `path` (links followed). */
export async function isFolder(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isDirectory ?? false;
}

/** Bytes of the file at `path` (links followed), null where there is no file. */
export async function readFileSize(path: string): Promise<number | null> {
  const info = await statOrNull(path);
  return info?.isFile ? info.size : null;
}

/** What all paths of one file have in common (links followed); null where there is no file, or the system does not
 * say. */
export async function readIdentity(path: string): Promise<string | null> {
  const info = await statOrNull(path);
  return info === null || info.ino === null ? null : `${info.dev} ${info.ino}`;
}

/** What is in the folder at `path`, sorted by name; nothing where it cannot be looked into. */
export async function entriesOf(path: string): Promise<Deno.DirEntry[]> {
  const entries: Deno.DirEntry[] = [];
  try {
    for await (const entry of Deno.readDir(path)) entries.push(entry);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
  }
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

async function refuseOutside(path: string, root: string, name: string): Promise<void> {
  let real: string;
  try {
    real = await Deno.realPath(path);
  } catch (error) {
    if (isOutOfReach(error)) return; // a link to nothing, or in a circle, is as good as no file
    throw error;
  }
  if (!isBelow(real, await Deno.realPath(root))) {
    throw fault(
      "invalid_request",
      `${name} is a link that leads out of the models folder.`,
      "model_id",
    );
  }
}
