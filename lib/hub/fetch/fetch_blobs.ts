// Several files of a repository into the cache, a few at a time.
import { cachePathsOf } from "../cache/cache.ts";
import type { Repository, RepositoryFile } from "../cache/repository.ts";
import { fetchBlob } from "./download.ts";
import type { ProgressMeter } from "./progress.ts";
import { fileUrlOf } from "./repository.ts";
import type { HubSettings } from "./settings.ts";

const AT_A_TIME = 2;

/** Makes sure that the cache has all `files` of `repository` as blobs. Rejects as fetchBlob, and ends what is on its
 * way. */
export async function fetchBlobs(
  repository: Repository,
  files: readonly RepositoryFile[],
  settings: HubSettings,
  signal: AbortSignal,
  meter: ProgressMeter,
): Promise<void> {
  const places = cachePathsOf(settings.cacheFolder, repository.id);
  const waiting = [...files];
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { path, etag } = file;
      const url = fileUrlOf(repository, path, settings);
      const job = { id: repository.id, file, url, blob: places.blob(etag), lock: places.lock(etag) };
      await fetchBlob(job, settings, {
        signal: either,
        onBytes: (bytes, fetched) => meter.add(path, bytes, fetched),
      });
    }
  };
  const workers = Array.from({ length: AT_A_TIME }, () =>
    worker().catch((error) => {
      failed.abort(error); // the first failure stops the other worker with the same reason
      throw error;
    }));
  const results = await Promise.allSettled(workers);
  signal.throwIfAborted();
  if (results.some((result) => result.status === "rejected")) throw failed.signal.reason;
}
