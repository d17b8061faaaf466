// The hub's cache on disk, in the layout that Python's huggingface_hub reads and writes:
//   models--owner--name/blobs/<etag>, snapshots/<commit>/<path> -> ../../blobs/<etag>, refs/<revision> = <commit>
// Links and the ref are written last, so what a ref points to is whole.
import { dirname, join, relative } from "node:path";
import { fault } from "../../fault.ts";
import { isOutOfReach } from "../folder/disk.ts";
import { entriesOf, isFolder, listFolder } from "../folder/listing.ts";
import { isNamePart } from "../folder/names.ts";
import type { Repository } from "./repository.ts";
import { type FileCriteria, parseVariant } from "../folder/choose.ts";
import { findMissingData } from "../folder/external.ts";
import { modelFiles } from "../folder/variants.ts";

/** Where a repository's things are in the cache. */
interface CachePaths {
  readonly folder: string;
  blob(etag: string): string;
  snapshot(commit: string): string;
  ref(revision: string): string;
  lock(etag: string): string;
}

/** The paths of the repository `id` below `cacheFolder`. */
export function cachePaths(cacheFolder: string, id: string): CachePaths {
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

/** The snapshot folder of `id` that can run as `criteria` say, without asking the hub; null where there is none. */
export async function findCached(
  cacheFolder: string,
  id: string,
  revision: string | null,
  criteria: Pick<FileCriteria, "variant">,
): Promise<string | null> {
  const commit = await commitOf(cacheFolder, id, revision ?? "main");
  if (commit === null) return null;
  const folder = cachePaths(cacheFolder, id).snapshot(commit);
  if (!await isFolder(folder)) return null;
  const listing = await listFolder(folder, id);
  for (const name of ["config.json", "tokenizer.json"]) {
    if (!listing.some((file) => file.path === name)) return null;
  }
  const requested = parseVariant(criteria.variant);
  const files = modelFiles(listing).filter((file) => requested === null || file.quantization === requested);
  for (const file of files) {
    if (await findMissingData(folder, file) === null) return folder;
  }
  return null;
}

/** The commit that `revision` means in the cache, null where the cache does not know it. */
export async function commitOf(cacheFolder: string, id: string, revision: string): Promise<string | null> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  try {
    const text = (await Deno.readTextFile(cachePaths(cacheFolder, id).ref(revision))).trim();
    return /^[0-9a-f]{40}$/.test(text) ? text : null;
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

/** Makes the folders that huggingface_hub expects of a repository, also of one whose first download was cut. */
export async function beginRepository(cacheFolder: string, id: string): Promise<void> {
  const { folder } = cachePaths(cacheFolder, id);
  for (const name of ["blobs", "snapshots"]) await Deno.mkdir(join(folder, name), { recursive: true });
}

/** Links `paths` of `repository` into its snapshot, in this order (by hard links where `symlinks` is false), and points the revision's ref at it. */
export async function publish(
  cacheFolder: string,
  repository: Repository,
  paths: readonly string[],
  symlinks = true,
): Promise<string> {
  const places = cachePaths(cacheFolder, repository.id);
  const folder = places.snapshot(repository.commit);
  for (const path of paths) {
    const file = repository.files.find((entry) => entry.path === path);
    if (file !== undefined) {
      await linkBlob(places.blob(file.etag), join(folder, ...path.split("/")), symlinks);
    }
  }
  if (repository.revision !== repository.commit) {
    const ref = places.ref(repository.revision);
    await Deno.mkdir(dirname(ref), { recursive: true });
    // No newline: huggingface_hub takes the whole content for the commit.
    await replaceFile(ref, (path) => Deno.writeTextFile(path, repository.commit));
  }
  return folder;
}

async function linkBlob(blob: string, place: string, symlinks: boolean): Promise<void> {
  await Deno.mkdir(dirname(place), { recursive: true });
  await replaceFile(place, async (path) => {
    if (!symlinks) return await Deno.link(blob, path);
    try {
      await Deno.symlink(relative(dirname(place), blob), path);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      // Symbolic links need a right on Windows, and unscoped permissions in Deno; hard links are read as well.
      await Deno.link(blob, path);
    }
  });
}

function isForbidden(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable ||
    /os error 1314\b/.test(String(error));
}

/** Makes a file beside `place` and renames it there: a reader sees the old one or the new one, whole. */
async function replaceFile(place: string, make: (path: string) => Promise<void>): Promise<void> {
  const path = `${place}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  await make(path);
  await Deno.rename(path, place);
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

/** Removes everything the cache holds of `id`. Throws model_failed where it holds nothing. */
export async function removeCached(cacheFolder: string, id: string): Promise<void> {
  const { folder } = cachePaths(cacheFolder, id);
  if (!await isFolder(folder)) throw fault("model_failed", `The cache holds nothing of ${id}.`);
  await Deno.remove(folder, { recursive: true });
  const locks = join(cacheFolder, ".locks", `models--${id.split("/").join("--")}`);
  if (await isFolder(locks)) await Deno.remove(locks, { recursive: true });
}
