/** An array with room for at least `length` numbers that begins like `old`; new places hold `filler`. */
export function growInts(
  old: Int32Array<ArrayBuffer>,
  length: number,
  filler: number,
): Int32Array<ArrayBuffer> {
  if (length <= old.length) return old;
  const grown = new Int32Array(Math.max(length, 2 * old.length, 1024)).fill(filler, old.length);
  grown.set(old);
  return grown;
}
