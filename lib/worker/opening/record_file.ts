// Files of what is remembered from start to start: small, few, and gone at any time.
import { dirname, join } from "node:path";

/** Bytes of one; a larger one is none of ours. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What one folder of them may hold. */
export interface RecordBounds {
  readonly files: number;
  readonly bytes: number;
}

const BOUNDS: RecordBounds = { files: 256, bytes: MOST_BYTES };

/** Its bytes; it counts as used now. Throws where there is none, where it is no file that can be read to its end, or
 * too large. */
export async function readRecord(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile || size > MOST_BYTES) throw new Error(`${path} is no record.`);
  const bytes = await Deno.readFile(path);
  await markUsed(path);
  return bytes;
}

/** Always by this clock: the one that files are written by may be some milliseconds behind it. Best effort: the file
 * may be another user's, or on a disk that is read only. */
async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await Deno.utime(path, now, now).catch(() => {});
}

/** Writes it whole or not at all, and removes those of its folder that were used the longest ago until the bounds hold.
 * Throws what the system says. */
export async function writeRecord(path: string, bytes: Uint8Array, bounds = BOUNDS): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const incomplete = `${path}.${crypto.randomUUID()}.incomplete`;
  try {
    await Deno.writeFile(incomplete, bytes);
    await markUsed(incomplete);
    await Deno.rename(incomplete, path);
  } catch (error) {
    await Deno.remove(incomplete).catch(() => {});
    throw error;
  }
  await removeOldest(path, bounds);
}

/** Removes also what a process that was ended while it wrote has left; best effort. */
async function removeOldest(written: string, bounds: RecordBounds): Promise<void> {
  let [files, bytes] = [0, 0];
  for (const { path, size } of await listFilesByUse(written)) {
    files++;
    bytes += size;
    if (files > bounds.files || bytes > bounds.bytes) await Deno.remove(path).catch(() => {});
  }
}

/** The files of the folder of `written`, it first (where the clock was set back it looks old), then the last used. */
async function listFilesByUse(written: string): Promise<{ path: string; size: number; used: number }[]> {
  const folder = dirname(written);
  const found = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    const stat = isFile ? await Deno.stat(path).catch(() => null) : null; // another process may have removed it
    if (stat === null) continue;
    found.push({ path, size: stat.size, used: path === written ? Infinity : stat.mtime?.getTime() ?? 0 });
  }
  return found.sort((a, b) => b.used - a.used);
}
