// The hub's cache on disk, in the layout that Python's huggingface_hub reads and writes:
//   models--owner--name/blobs/<etag>, snapshots/<commit>/<path> -> ../../blobs/<etag>, refs/<revision> = <commit>
// Links and the ref are written last, so what a ref points to is whole.
import { dirname, join, relative } from "node:path";
import { fault } from "../../fault.ts";
import { cacheError, isOutOfReach } from "../folder/disk.ts";
import { entriesOf, isFolder, readFileSize, readIdentity } from "../folder/listing.ts";
import { isCommit, isNamePart } from "../folder/names.ts";
import { keepAbsent } from "./absent.ts";
import type { Repository } from "./repository.ts";
import { removeUnshared, sharedBlobsOf } from "./shared_blobs.ts";

/** Where a repository's things are in the cache. */
interface CachePaths {
  readonly folder: string;
  blob(etag: string): string;
  snapshot(commit: string): string;
  ref(revision: string): string;
  lock(etag: string): string;
}

/** The paths of the repository `id` below `cacheFolder`. */
export function cachePathsOf(cacheFolder: string, id: string): CachePaths {
  const name = `models--${id.split("/").join("--")}`;
  const folder = join(cacheFolder, name);
  return {
    folder,
    blob: (etag) => join(folder, "blobs", etag),
    snapshot: (commit) => join(folder, "snapshots", commit),
    ref: (revision) => join(folder, "refs", ...revision.split("/")),
    lock: (etag) => join(cacheFolder, ".locks", name, `${etag}.lock`),
  };
}

/** The commit that `revision` means in the cache, null where the cache does not know it. */
export async function commitOf(cacheFolder: string, id: string, revision: string): Promise<string | null> {
  if (isCommit(revision)) return revision;
  try {
    const text = (await Deno.readTextFile(cachePathsOf(cacheFolder, id).ref(revision))).trim();
    return isCommit(text) ? text : null;
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

/** By which programs that make backups know a folder that they need not keep (https://bford.info/cachedir/). */
const CACHE_TAG =
  "Signature: 8a477f597d28d172789f06886806bc55\n# Models fetched from a hub; they can be fetched again.\n";

/** Makes the folders that huggingface_hub expects of a repository, also of one whose first download was cut, and marks
 * the cache as one. */
export async function beginRepository(cacheFolder: string, id: string): Promise<void> {
  const { folder } = cachePathsOf(cacheFolder, id);
  for (const name of ["blobs", "snapshots"]) {
    if (!await isFolder(join(folder, name))) await Deno.mkdir(join(folder, name), { recursive: true });
  }
  const tag = join(cacheFolder, "CACHEDIR.TAG");
  // Whole or not at all: half of it, from a full disk, would stay. Nothing depends on it.
  if (await readFileSize(tag) === null) {
    await replaceFile(tag, (path) => Deno.writeTextFile(path, CACHE_TAG)).catch(() => {});
  }
}

/** Links `paths` of `repository` into its snapshot, in this order (by hard links where `symlinks` is false), keeps
 * which files it lacks, points the revision's ref at it, and gives the model's folder there. */
export async function publish(
  cacheFolder: string,
  repository: Repository,
  paths: readonly string[],
  symlinks = true,
): Promise<string> {
  const places = cachePathsOf(cacheFolder, repository.id);
  const folder = join(places.snapshot(repository.commit), repository.inside ?? "");
  for (const path of paths) {
    const file = repository.files.find((entry) => entry.path === path);
    if (file !== undefined) {
      await linkBlob(places.blob(file.etag), join(folder, ...path.split("/")), symlinks);
    }
  }
  await keepAbsent(places.folder, repository);
  const { id, revision, commit } = repository;
  if (revision !== commit && await commitOf(cacheFolder, id, revision) !== commit) {
    const ref = places.ref(revision);
    await Deno.mkdir(dirname(ref), { recursive: true });
    // No newline: huggingface_hub takes the whole content for the commit.
    await replaceFile(ref, (path) => Deno.writeTextFile(path, commit));
  }
  return folder;
}

/** Puts the blob into its place: by a symbolic link, where there can be none by a hard one, else as a copy. Symbolic
 * links need a right on Windows and unscoped permissions in Deno, and some file systems have neither kind. */
async function linkBlob(blob: string, place: string, symlinks: boolean): Promise<void> {
  if (await isSameFile(blob, place)) return; // nothing is written: the cache may be read-only
  await Deno.mkdir(dirname(place), { recursive: true });
  await replaceFile(place, async (path) => {
    const real = await Deno.realPath(blob); // Python's may be links to blobs that repositories share
    const soft = () => Deno.symlink(relative(dirname(place), blob), path);
    for (const link of [...(symlinks ? [soft] : []), () => Deno.link(real, path)]) {
      try {
        return await link();
      } catch {
        continue; // the copy tells what is wrong, if more is
      }
    }
    await Deno.copyFile(real, path);
  });
}

/** Whether both paths lead to one file. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const identity = await readIdentity(one);
  return identity !== null && identity === await readIdentity(other);
}

/** Makes a file beside `place` and renames it there: a reader sees the old one or the new one, whole. */
async function replaceFile(place: string, make: (path: string) => Promise<void>): Promise<void> {
  const path = `${place}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await make(path);
    await Deno.rename(path, place);
  } catch (error) {
    await Deno.remove(path).catch(() => {}); // what was begun; the error says why
    throw error;
  }
}

/** Ids of every model repository in the cache, whatever its files. */
export async function listCachedIds(cacheFolder: string): Promise<string[]> {
  const ids: string[] = [];
  for (const entry of await entriesOf(cacheFolder)) {
    const [kind, ...parts] = entry.name.split("--");
    if (kind === "models" && parts.length === 2 && parts.every(isNamePart)) ids.push(parts.join("/"));
  }
  return ids;
}

/** Removes everything the cache holds of `id`, of shared blobs those that no other repository has. Throws model_failed
 * where it holds nothing, or may not be written to. */
export async function removeCached(cacheFolder: string, id: string): Promise<void> {
  const { folder } = cachePathsOf(cacheFolder, id);
  if (!await isFolder(folder)) throw fault("model_failed", `The cache holds nothing of ${id}.`);
  try {
    const shared = await sharedBlobsOf(cacheFolder, folder);
    await Deno.remove(folder, { recursive: true });
    for (const path of shared) await removeUnshared(cacheFolder, path);
    const locks = join(cacheFolder, ".locks", `models--${id.split("/").join("--")}`);
    if (await isFolder(locks)) await Deno.remove(locks, { recursive: true });
  } catch (error) {
    throw cacheError(error, cacheFolder);
  }
}
