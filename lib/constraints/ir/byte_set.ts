// Sets of bytes: 256 bits in eight words. A set is never changed after it is made.

export type ByteSet = Uint32Array;

const WORDS = 8;

/** The bytes of all ranges [from, to], both ends included. */
export function byteRanges(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint32Array(WORDS);
  for (const [from, to] of ranges) {
    for (let byte = from; byte <= to; byte++) set[byte >> 5]! |= 1 << (byte & 31);
  }
  return set;
}

export function hasByte(set: ByteSet, byte: number): boolean {
  return (set[byte >> 5]! >>> (byte & 31) & 1) === 1;
}

export function uniteBytes(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word | b[i]!);
}

export function intersectBytes(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word & b[i]!);
}

export function isNoByte(set: ByteSet): boolean {
  return set.every((word) => word === 0);
}

export function countBytes(set: ByteSet): number {
  let count = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) count++;
  return count;
}

/** The bytes, rising. */
export function bytesIn(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (hasByte(set, byte)) bytes.push(byte);
  return bytes;
}

/** Equal for equal sets. */
export function keyOfBytes(set: ByteSet): string {
  return set.join(",");
}
