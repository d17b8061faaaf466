// Whether the tokens that are left write the text as the tokenizer itself would have. Where a constraint leaves only
// other ways, the model is asked for what it was hardly ever trained on.

/** A tokenizer as far as the check needs it. */
export interface UsualTokenizer {
  encode(text: string): readonly number[];
  bytes(id: number): Uint8Array;
}

/** More tokens than this are not looked at: among so many, one is usual. */
const MOST_TOKENS = 256;
/** How far back a tokenizer is taken to look. */
const TAIL = 16;

/**
 * True where none of `allowed` continues `path` (the tokens so far) as the tokenizer would write that text; false
 * where one does, and where it cannot be told: no token is left, or too many, or the text ends inside a character.
 */
export function isOnlyUnusualLeft(
  allowed: readonly number[],
  path: readonly number[],
  tokenizer: UsualTokenizer,
): boolean {
  if (allowed.length === 0 || allowed.length > MOST_TOKENS) return false;
  const tail = path.slice(-TAIL);
  return allowed.every((id) => isUnusual([...tail, id], tokenizer));
}

function isUnusual(ids: readonly number[], tokenizer: UsualTokenizer): boolean {
  const bytes = ids.flatMap((id) => [...tokenizer.bytes(id)]);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return false;
  }
  return tokenizer.encode(text).at(-1) !== ids.at(-1);
}
