/** An entry of `added_tokens`, which names all its options in a file. */
export function addedToken(
  token: { readonly id: number; readonly content: string; readonly [option: string]: unknown },
) {
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  return { ...plain, ...token };
}
