/** How many leading token ids two paths share. For lists of numbers alone: once V8 has seen texts in the same loop, it
 * takes twenty times as long for lists. */
export function countCommonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
