/** Bytes as "E2 80". */
export function toHexadecimal(bytes: Iterable<number>): string {
  let written = "";
  for (const byte of bytes) written += (written && " ") + byte.toString(16).toUpperCase().padStart(2, "0");
  return written;
}
