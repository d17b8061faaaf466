/** Where the character begins that ends at a place of a text, which may have halves of one. */
export function startOfLastCharacter(text: string, end: number): number {
  return (text.codePointAt(end - 2) ?? 0) > 0xffff ? end - 2 : end - 1;
}
