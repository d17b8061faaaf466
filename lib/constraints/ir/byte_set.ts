// Sets of bytes: 256 bits in eight words. A set is never changed after it is made.

export type ByteSet = Uint32Array;

const WORDS = 8;

/** The bytes of all ranges [from, to], both ends included. */
export function bytesOfRanges(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint32Array(WORDS);
  for (const [from, to] of ranges) {
    for (let byte = from; byte <= to; byte++) set[byte >> 5]! |= 1 << (byte & 31);
  }
  return set;
}

/** Whether the set has the byte (0 to 255). */
export function hasByte(set: ByteSet, byte: number): boolean {
  return (set[byte >> 5]! >>> (byte & 31) & 1) === 1;
}

/** The bytes of either set. */
export function uniteBytes(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word | b[i]!);
}

/** The bytes of both sets. */
export function intersectBytes(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word & b[i]!);
}

/** Whether the set is empty. */
export function isNoByte(set: ByteSet): boolean {
  return set.every((word) => word === 0);
}

/** How many bytes the set has, 0 to 256. */
export function countBytes(set: ByteSet): number {
  let count = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) count++;
  return count;
}

/** The bytes, rising. */
export function listBytes(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (hasByte(set, byte)) bytes.push(byte);
  return bytes;
}

/** Equal for equal sets. */
export function keyOfBytes(set: ByteSet): string {
  return set.join(",");
}
