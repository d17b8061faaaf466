// SHA-256 of what is in memory. node:crypto would do the same, but a thread takes 13 ms to read it (Deno 2.9.6).
import { concat } from "./concat.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** The hash of `parts` one after the other, strings as UTF-8, in 64 hex digits. */
export async function sha256(parts: readonly (string | Bytes)[]): Promise<string> {
  const bytes = concat<Bytes>(
    Uint8Array,
    parts.map((part) => typeof part === "string" ? encoder.encode(part) : part),
  );
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** A hash of `parts` that also tells where each ends, in 24 hex digits. */
export async function shortHash(parts: readonly (string | Bytes)[]): Promise<string> {
  return (await sha256(parts.flatMap((part) => [part, "\0"]))).slice(0, 24);
}
