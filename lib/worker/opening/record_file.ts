// Files of what is remembered from start to start: small, and gone at any time.
import { dirname } from "node:path";

/** Bytes of one; a larger one is none of ours. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Its bytes. Throws where there is none, where it is no file that can be read to its end, or too large. */
export async function readRecord(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile || size > MOST_BYTES) throw new Error(`${path} is no record.`);
  return await Deno.readFile(path);
}

/** Writes it whole or not at all; leaves nothing else. Throws what the system says. */
export async function writeRecord(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const incomplete = `${path}.${crypto.randomUUID()}.incomplete`;
  try {
    await Deno.writeFile(incomplete, bytes);
    await Deno.rename(incomplete, path);
  } catch (error) {
    await Deno.remove(incomplete).catch(() => {});
    throw error;
  }
}
