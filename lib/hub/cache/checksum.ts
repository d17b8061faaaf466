// The two checksums that name blobs: SHA-256 of a large file, git's SHA-1 ("blob <size>\0" + content) of a small.

/** A checksum in the making. */
export interface Checksum {
  update(chunk: Uint8Array): void;
  /** Whether what was fed is the content that the etag names. Once only. */
  matches(): boolean;
}

/** Whether an etag is a checksum: 64 hex digits of SHA-256, or git's 40. */
export function isChecksum(etag: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag);
}

/** A checksum to hold against `etag` (64 hex digits: SHA-256, 40: git) for a content of `bytes` bytes. */
export async function createChecksum(etag: string, bytes: number): Promise<Checksum> {
  const { createHash } = await import("node:crypto"); // a start that fetches nothing does not wait for it
  const hash = createHash(etag.length === 64 ? "sha256" : "sha1");
  if (etag.length !== 64) hash.update(`blob ${bytes}\0`);
  return {
    update: (chunk) => void hash.update(chunk),
    matches: () => hash.digest("hex") === etag,
  };
}

/** Feeds the first `length` bytes of the file at `path`. Rejects with the signal's reason. */
export async function feedFile(
  checksum: Checksum,
  path: string,
  length: number,
  signal: AbortSignal,
): Promise<void> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  let left = length;
  while (left > 0) {
    signal.throwIfAborted();
    const read = await file.read(buffer.subarray(0, Math.min(left, buffer.length)));
    if (read === null) return;
    checksum.update(buffer.subarray(0, read));
    left -= read;
  }
}

/** Whether the file at `path` holds what its `etag` names. */
export async function fileMatches(path: string, etag: string, signal: AbortSignal): Promise<boolean> {
  const { size } = await Deno.stat(path);
  const checksum = await createChecksum(etag, size);
  await feedFile(checksum, path, size, signal);
  return checksum.matches();
}
