/** A token's bytes as vLLM's /v1/completions names it: their text, or `bytes:\xe2` where they are none. */
export function nameOfBytes(bytes: ArrayLike<number>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}`;
  }
}
