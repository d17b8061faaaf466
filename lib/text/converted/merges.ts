// Merges of a BPE whose file does not write them: a token is made of any two others.
import { notConvertedError } from "./draft.ts";

/** Letters of the longest token whose merges are looked for: there are as many ways to cut it, each as long as it. */
const LONGEST_TOKEN = 1024;

/** Every way to make one of `tokens` of two that are known: in the order of the tokens, of one token's ways the one
 * with the shorter left side first. Throws unsupported for a token that is longer than any real one. */
export function listMerges(
  tokens: Iterable<string>,
  isKnown: (token: string) => boolean,
): [left: string, right: string][] {
  const merges: [string, string][] = [];
  for (const token of tokens) {
    if (token.length > LONGEST_TOKEN) throw notConvertedError(`a token of ${token.length} letters`);
    for (let at = 0; at < token.length;) {
      at += token.codePointAt(at)! > 0xffff ? 2 : 1;
      const [left, right] = [token.slice(0, at), token.slice(at)];
      if (right !== "" && isKnown(left) && isKnown(right)) merges.push([left, right]);
    }
  }
  return merges;
}
