// One file of the hub into the cache: resumed after any cut, checked while it streams, and named by its checksum
// only when every byte is right. A part lives beside the blob as `<etag>.incomplete`.
import { dirname } from "node:path";
import { fault } from "../../fault.ts";
import { isFull } from "../folder/disk.ts";
import { type Checksum, createChecksum, feedFile, fileMatches } from "../cache/checksum.ts";
import { getFromHub, hostOf } from "./http.ts";
import { readFileSize } from "../folder/listing.ts";
import { withLock } from "../cache/lock.ts";
import type { RepositoryFile } from "../cache/repository.ts";
import { retryableError, watchIdle, withRetries } from "./retry.ts";
import type { HubSettings } from "./settings.ts";

/** A file to fetch and where it goes. */
interface BlobJob {
  readonly id: string; // the repository, for sentences
  readonly file: RepositoryFile;
  readonly url: string;
  readonly blob: string; // absolute path
  readonly lock: string; // absolute path
}

interface BlobOptions {
  readonly signal: AbortSignal;
  /** Bytes more (or, thrown away, fewer) on the disk; `fetched`: they came from the hub just now. */
  readonly onBytes: (bytes: number, fetched: boolean) => void;
}

/** Makes sure that the blob is there and whole. A content that does not match its checksum or length is thrown
 * away and fetched again once. Throws model_failed with a sentence; rejects with the signal's reason and leaves a
 * part that the next call continues. */
export async function fetchBlob(job: BlobJob, settings: HubSettings, options: BlobOptions): Promise<void> {
  // Asked first: also where nothing can be written.
  if (await isThere(job, options.signal)) return options.onBytes(job.file.bytes, false);
  await Deno.mkdir(dirname(job.blob), { recursive: true });
  await withLock(job.lock, options.signal, async () => {
    if (await isThere(job, options.signal)) return options.onBytes(job.file.bytes, false);
    const first = await fetchPart(job, settings, options);
    const problem = first === null ? null : await fetchPart(job, settings, options);
    if (problem === null) return await nameBlob(job, options.signal);
    await Deno.remove(partOf(job));
    throw fault("model_failed", `${job.file.path} of ${job.id} arrived damaged twice: ${problem}.`);
  });
}

/** Gives the part its name. Where locks do not hold, another process may have done so already. */
async function nameBlob(job: BlobJob, signal: AbortSignal): Promise<void> {
  try {
    await Deno.rename(partOf(job), job.blob);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || !await isThere(job, signal)) throw error;
  }
}

/** Whether the blob is there and whole: after a power cut a file may have its length and not its bytes. */
async function isThere({ blob, file }: BlobJob, signal: AbortSignal): Promise<boolean> {
  return await readFileSize(blob) === file.bytes && await fileMatches(blob, file.etag, signal);
}

function partOf(job: BlobJob): string {
  return `${job.blob}.incomplete`;
}

/** Completes the part. Null when it is right; else it has been thrown away and this says why. */
async function fetchPart(job: BlobJob, settings: HubSettings, options: BlobOptions): Promise<string | null> {
  using part = await Deno.open(partOf(job), { read: true, write: true, create: true });
  const { signal } = options;
  const sink = await openSink(part, job, options);
  const wrong = await withRetries(
    settings.limits,
    signal,
    () => receive(job, settings, signal, sink),
    () => sink.state.have,
  );
  if (wrong === null && sink.state.checksum.matches()) return null;
  await sink.restart();
  return wrong ?? "its checksum is wrong";
}

/** The part as something to append to; what it holds already is counted and goes into the checksum. */
async function openSink(part: Deno.FsFile, job: BlobJob, { signal, onBytes }: BlobOptions): Promise<Sink> {
  const { etag, bytes } = job.file;
  const state = { have: (await part.stat()).size, checksum: await createChecksum(etag, bytes) };
  const restart = async () => {
    onBytes(-state.have, false);
    await part.truncate(0);
    await part.seek(0, Deno.SeekMode.Start);
    state.have = 0;
    state.checksum = await createChecksum(etag, bytes);
  };
  onBytes(state.have, false);
  if (state.have > bytes) await restart();
  await feedFile(state.checksum, partOf(job), state.have, signal);
  await part.seek(state.have, Deno.SeekMode.Start);
  const write = async (chunk: Uint8Array) => {
    await writeAll(part, chunk, job);
    state.checksum.update(chunk);
    state.have += chunk.length;
    onBytes(chunk.length, true);
  };
  return { state, write, restart };
}

interface Sink {
  readonly state: { have: number; checksum: Checksum };
  readonly write: (chunk: Uint8Array) => Promise<void>;
  readonly restart: () => Promise<void>;
}

/** One request for the bytes that are missing. Null: all are there; else how the content differs from the listing. */
async function receive(
  job: BlobJob,
  settings: HubSettings,
  signal: AbortSignal,
  sink: Sink,
): Promise<string | null> {
  const { bytes, path } = job.file;
  const { state } = sink;
  if (state.have === bytes) return null;
  const watch = watchIdle(signal, settings.limits.idle);
  try {
    const headers: Record<string, string> = state.have > 0 ? { range: `bytes=${state.have}-` } : {};
    const subject = { id: job.id, revision: null, file: path };
    const response = await getFromHub(job.url, subject, settings, { signal: watch.signal, headers });
    const wrong = describeWrongLength(response, bytes);
    if (wrong !== null) {
      await response.body?.cancel();
      return wrong;
    }
    if (!await alignPart(response, sink)) {
      await response.body?.cancel();
      throw retryableError(`${hostOf(settings)} cannot resume ${path}.`, 0);
    }
    for await (const chunk of response.body ?? []) {
      watch.alive();
      if (state.have + chunk.length > bytes) return `it has more than ${bytes} bytes`;
      await sink.write(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError) && !watch.signal.aborted) throw error;
    throw retryableError(
      `The connection to ${hostOf(settings)} broke at byte ${state.have} of ${bytes} of ${path}.`,
    );
  } finally {
    watch.stop();
  }
  if (state.have === bytes) return null;
  throw retryableError(`${hostOf(settings)} ended ${path} at byte ${state.have} of ${bytes}.`);
}

/** Whether the answer begins where the part ends; a part that it does not continue is thrown away. */
async function alignPart(response: Response, { state, restart }: Sink): Promise<boolean> {
  if (startOf(response) !== state.have) await restart();
  return startOf(response) === state.have;
}

function startOf(response: Response): number {
  if (response.status !== 206) return 0;
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? -1);
}

/** How the length that an answer states differs from the `bytes` of the listing; null where it does not. */
function describeWrongLength(response: Response, bytes: number): string | null {
  const range = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (response.status === 416) {
    return range === undefined
      ? `it has fewer than ${bytes} bytes`
      : `it has ${range} bytes instead of ${bytes}`;
  }
  const stated = response.status === 206 ? range : response.headers.get("content-length") ?? undefined;
  return stated === undefined || Number(stated) === bytes
    ? null
    : `it has ${stated} bytes instead of ${bytes}`;
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array, job: BlobJob): Promise<void> {
  try {
    for (let written = 0; written < chunk.length;) written += await file.write(chunk.subarray(written));
  } catch (error) {
    if (!isFull(error)) throw error;
    throw fault(
      "model_failed",
      `The disk is full: ${job.file.path} of ${job.id} needs ${job.file.bytes} bytes. Free some and load it again; ` +
        "what has arrived is kept.",
    );
  }
}
