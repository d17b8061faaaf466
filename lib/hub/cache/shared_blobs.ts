// Blobs that repositories of the cache share, as Python's huggingface_hub 2 keeps what comes by its own protocol: a
// repository's blobs/<etag> is a link to <cache>/blobs/<2 digits>/<hash>, and <hash>.refs lists such links. They are
// read like all others; here is what removing them takes.
import { join, relative, resolve, sep } from "node:path";
import { isOutOfReach } from "../folder/disk.ts";
import { entriesOf } from "../folder/listing.ts";
import { withLock } from "./lock.ts";

/** The shared blobs that links of the repository in `folder` lead to: absolute paths. */
export async function sharedBlobsOf(cacheFolder: string, folder: string): Promise<string[]> {
  const links = (await entriesOf(join(folder, "blobs"))).filter((entry) => entry.isSymlink);
  const targets = await Promise.all(links.map(({ name }) => targetOf(join(folder, "blobs", name))));
  return targets.filter((path) => path !== null && isShared(cacheFolder, path)) as string[];
}

/** Removes the shared blob at `path` where no link that its list names leads to it. One without a list stays, as in
 * Python: what needs it is not known. */
export async function removeUnshared(cacheFolder: string, path: string): Promise<void> {
  await withLock(`${path}.lock`, new AbortController().signal, async () => {
    const list = await readOrNull(`${path}.refs`);
    if (list === null) return;
    const named = list.split(/\r?\n/).filter((line) => /^[a-z]+--[^\\/]+\/blobs\/[^\\/]+$/.test(line));
    for (const line of named) if (await targetOf(join(cacheFolder, line)) === path) return;
    await Deno.remove(path).catch(ignoreMissing);
    await Deno.remove(`${path}.refs`).catch(ignoreMissing);
  });
}

function isShared(cacheFolder: string, path: string): boolean {
  const parts = relative(join(cacheFolder, "blobs"), path).split(sep);
  return parts.length === 2 && /^[0-9a-f]{64}$/.test(parts[1]!) && parts[1]!.startsWith(parts[0]!) &&
    parts[0]!.length === 2;
}

/** What the link at `path` leads to, as an absolute path; null where there is no link. */
async function targetOf(path: string): Promise<string | null> {
  try {
    return resolve(join(path, ".."), await Deno.readLink(path));
  } catch (error) {
    if (isOutOfReach(error) || /os error 22\b/.test(String(error))) return null; // EINVAL: no link
    throw error;
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
