// Whether the disk has room for a download, before it begins.
import { fault } from "../../fault.ts";
import { cachePathsOf } from "./cache.ts";
import { isFolder, readFileSize } from "../folder/listing.ts";
import { sizeText } from "../folder/memory.ts";
import type { Repository, RepositoryFile } from "./repository.ts";

/** The disk of the cache. */
export interface CacheDisk {
  readonly cacheFolder: string;
  /** Free bytes where `folder` is, null where the system does not tell. */
  readonly freeBytes: (folder: string) => Promise<number | null>;
}

const SPARE_BYTES = 32 * 1024 * 1024; // or as much as is fetched, where that is less

/** Throws model_failed with the numbers where what is missing of `files` does not fit the disk of the cache. */
export async function checkSpace(
  repository: Repository,
  files: readonly RepositoryFile[],
  disk: CacheDisk,
): Promise<void> {
  const places = cachePathsOf(disk.cacheFolder, repository.id);
  let need = 0;
  for (const file of files) {
    const blob = places.blob(file.etag);
    if (await readFileSize(blob) === file.bytes) continue;
    need += file.bytes - Math.min(file.bytes, await readFileSize(`${blob}.incomplete`) ?? 0);
  }
  const free = await isFolder(places.folder) ? await disk.freeBytes(places.folder) : null;
  const spare = Math.min(need, SPARE_BYTES);
  if (free === null || need + spare <= free || need === 0) return;
  throw fault(
    "model_failed",
    `${repository.id} needs ${sizeText(need)} more on the disk of ${disk.cacheFolder} ` +
      `(and ${sizeText(spare)} to spare), but only ${sizeText(free)} are free: ` +
      "make room or set HF_HOME to another disk.",
  );
}
