// Holds what is on the disk against its checksums: blobs of the cache against the etags that name them, folders
// against their SHA256SUMS.
import { basename, join } from "node:path";
import { cachePathsOf } from "./cache.ts";
import { fileMatches, isChecksum } from "./checksum.ts";
import { isFolder, readIdentity } from "../folder/listing.ts";

/** One checked file. */
export interface Verified {
  readonly name: string; // the path in the repository, or the blob's name where no snapshot shows it
  readonly good: boolean;
  readonly missing?: boolean; // bad because it is not there
}

/** Checks every blob that the cache holds of `id`, one at a time, and tells which are missing; damaged ones are
 * removed, with the hard links to them, so that the next load fetches them again. Rejects with the signal's reason. */
export async function* verifyCached(
  cacheFolder: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Verified> {
  const { folder } = cachePathsOf(cacheFolder, id);
  const blobs = join(folder, "blobs");
  const { links, hardLinks } = await findShown(join(folder, "snapshots"));
  const there = await listFileNames(blobs);
  for (const [etag, name] of links) {
    if (!there.includes(etag)) yield { name, good: false, missing: true };
  }
  for (const etag of there) {
    if (!isChecksum(etag)) continue;
    const others = hardLinks.get(await readIdentity(join(blobs, etag)) ?? "") ?? [];
    const name = links.get(etag) ?? others[0]?.name ?? etag;
    const good = await isGood(join(blobs, etag), etag, signal);
    if (good !== true) {
      await removeBlob(join(blobs, etag), good === null);
      for (const { path } of others) await Deno.remove(path);
    }
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

/** What snapshots show: the path of each blob that a symbolic link leads to, and the files that are no such links by
 * what they are on the disk, which a blob may be too. */
interface Shown {
  readonly links: Map<string, string>;
  readonly hardLinks: Map<string, { readonly name: string; readonly path: string }[]>;
}

async function findShown(snapshots: string): Promise<Shown> {
  const shown: Shown = { links: new Map(), hardLinks: new Map() };
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      const name = prefix + entry.name;
      if (entry.isDirectory) await walk(path, `${name}/`);
      if (entry.isSymlink) shown.links.set(basename(await Deno.readLink(path)), name);
      const identity = entry.isFile ? await readIdentity(path) : null;
      if (identity === null) continue;
      shown.hardLinks.set(identity, [...shown.hardLinks.get(identity) ?? [], { name, path }]);
    }
  };
  for (const commit of await listFolderNames(snapshots)) await walk(join(snapshots, commit), "");
  return shown;
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
