// Holds what is on the disk against its checksums: blobs of the cache against the etags that name them, folders
// against their SHA256SUMS.
import { basename, join } from "node:path";
import { cachePathsOf } from "./cache.ts";
import { fileMatches, isChecksum } from "./checksum.ts";
import { isFolder } from "../folder/listing.ts";

/** One checked file. */
export interface Verified {
  readonly name: string; // the path in the repository, or the blob's name where no snapshot shows it
  readonly good: boolean;
  readonly missing?: boolean; // bad because it is not there
}

/** Checks every blob that the cache holds of `id`, one at a time, and tells which are missing; damaged ones are
 * removed, so that the next load fetches them again. Rejects with the signal's reason. */
export async function* verifyCached(
  cacheFolder: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Verified> {
  const { folder } = cachePathsOf(cacheFolder, id);
  const blobs = join(folder, "blobs");
  const names = await linkNames(join(folder, "snapshots"));
  const there = await listFileNames(blobs);
  for (const [etag, name] of names) {
    if (!there.includes(etag)) yield { name, good: false, missing: true };
  }
  for (const etag of there) {
    if (!isChecksum(etag)) continue;
    const name = names.get(etag) ?? etag;
    const good = await isGood(join(blobs, etag), etag, signal);
    if (good !== true) await removeBlob(join(blobs, etag), good === null);
    yield good === null ? { name, good: false, missing: true } : { name, good };
  }
}

/** Removes a damaged blob, and where it is a link what that leads to: other repositories share the damage. */
async function removeBlob(path: string, isDangling: boolean): Promise<void> {
  const real = isDangling ? path : await Deno.realPath(path);
  await Deno.remove(real);
  if ((await Deno.lstat(path).catch(() => null))?.isSymlink) await Deno.remove(path);
}

/** Checks the files that SHA256SUMS in `folder` lists; none where there is no such file. */
export async function* verifyFolder(folder: string, signal: AbortSignal): AsyncGenerator<Verified> {
  if (!(await listFileNames(folder)).includes("SHA256SUMS")) return;
  const text = await Deno.readTextFile(join(folder, "SHA256SUMS"));
  for (const [, sum, path] of text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?([\w./-]+)$/gm)) {
    if (sum === undefined || path === undefined || path.split("/").includes("..")) continue;
    const good = await isGood(join(folder, path), sum, signal);
    yield good === null ? { name: path, good: false, missing: true } : { name: path, good };
  }
}

/** Null where there is no such file. */
async function isGood(path: string, sum: string, signal: AbortSignal): Promise<boolean | null> {
  try {
    return await fileMatches(path, sum, signal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Which path each blob has in a snapshot, by the links there. */
async function linkNames(snapshots: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) await walk(path, `${prefix}${entry.name}/`);
      if (entry.isSymlink) names.set(basename(await Deno.readLink(path)), prefix + entry.name);
    }
  };
  for (const commit of await listFolderNames(snapshots)) await walk(join(snapshots, commit), "");
  return names;
}

async function listFileNames(folder: string): Promise<string[]> {
  if (!await isFolder(folder)) return [];
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (!entry.isDirectory) names.push(entry.name);
  return names.sort();
}

async function listFolderNames(folder: string): Promise<string[]> {
  if (!await isFolder(folder)) return [];
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.isDirectory) names.push(entry.name);
  return names;
}
