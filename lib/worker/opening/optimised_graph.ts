// Graphs written down as ONNX Runtime has optimised them, for models of the hub whose load folds large constants
// (lib/onnx/folding.ts); a load from there is as fast as the disk. They are as large as the model and what is folded,
// so others get none, and the bundled model never does: nothing is written into its folder.
//
//   <hub cache>/models--owner--name/optimised/<key>/model.onnx, model.onnx_data
//
// The key holds ONNX Runtime's version, system and processor family, and the model's files by place, size and time. The
// graph is optimised to the level that holds for every processor of a family (no memory layouts). A folder appears
// whole or not at all, under another name first; what does not open is thrown away by the caller.
import { dirname, join, sep } from "node:path";
import { sha256 } from "../../basics/sha256.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { readFileFacts } from "./file_facts.ts";

/** Folded bytes from which a file pays: about 0.3 s of a load. */
export const WORTH_BYTES = 64 * 2 ** 20;

/** Where the optimised graph of one model file has its place. */
export interface OptimisedPlace {
  /** The graph, whether it is there or not. */
  readonly file: string;
  exists(): Promise<boolean>;
  /** Where to write it: the path of a graph in a new folder. Null where this process cannot write there. */
  begin(): Promise<string | null>;
  /** Puts what was written in its place, and takes away what older versions left. */
  keep(): Promise<void>;
  /** Throws away what is there and what was begun. */
  discard(): Promise<void>;
}

/** The place for `model`; null where a file does not pay or would not lie in the hub's cache. */
export async function findOptimisedPlace(
  model: Pick<ModelFolder, "folder" | "file">,
  cacheFolder: string,
  foldedBytes: number,
  ortVersion: string,
): Promise<OptimisedPlace | null> {
  const repository = dirname(dirname(model.folder)); // above snapshots/<commit>
  if (foldedBytes < WORTH_BYTES || dirname(repository) !== stripName(cacheFolder)) return null;
  const root = join(repository, "optimised");
  const folder = join(root, await keyOf(model, ortVersion));
  const begun = `${folder}.incomplete`;
  return {
    file: join(folder, "model.onnx"),
    exists: () => isThere(folder),
    async begin() {
      await removeQuietly(begun);
      const made = await Deno.mkdir(begun, { recursive: true }).then(() => true, () => false);
      return made ? join(begun, "model.onnx") : null;
    },
    async keep() {
      await removeQuietly(folder);
      await Deno.rename(begun, folder);
      for await (const { name } of Deno.readDir(root)) {
        if (join(root, name) !== folder) await removeQuietly(join(root, name));
      }
    },
    async discard() {
      await removeQuietly(begun);
      await removeQuietly(folder);
    },
  };
}

async function keyOf(
  model: Pick<ModelFolder, "folder" | "file">,
  ortVersion: string,
): Promise<string> {
  const facts: readonly unknown[] = await readFileFacts(model);
  const parts = [[ortVersion, Deno.build.os, Deno.build.arch], ...facts];
  return (await sha256(parts.map((part) => JSON.stringify(part)))).slice(0, 24);
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

/** Best effort: what cannot be removed is only in the way of disk space. */
function removeQuietly(path: string): Promise<void> {
  return Deno.remove(path, { recursive: true }).catch(() => {});
}

function stripName(path: string): string {
  return path.endsWith(sep) ? path.slice(0, -1) : path;
}
