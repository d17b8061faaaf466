import { strict as assert } from "node:assert";
import { parseTokenizer } from "../../lib/text/codec.ts";

const TOKENS = ["a", "b", "c", "ab", "bc", "abc", "aa", "aab", "abcaab"];
const MERGES = ["a b", "b c", "ab c", "a a", "aa b", "abc aab"];

/** A BPE over those tokens in that order, its merges written as one string or as two. */
function bpe(tokens: readonly string[], merges: readonly unknown[]) {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return parseTokenizer(JSON.stringify({ model: { type: "BPE", vocab, merges } }), null);
}

Deno.test("merges mean the same in whatever order the vocabulary has its tokens, and however they are written", () => {
  const texts = ["abc", "aab", "abcaab", "cbaabca", "aaaabbbccc"];
  const pairs = MERGES.map((merge) => merge.split(" "));
  const read = (tokens: readonly string[], merges: readonly unknown[]) => {
    const codec = bpe(tokens, merges);
    return texts.map((text) => codec.encode(text).map((id) => tokens[id]));
  };
  const inOrder = read(TOKENS, MERGES);
  assert.deepEqual(inOrder[0], ["abc"]);
  assert.deepEqual(inOrder[2], ["abc", "a", "ab"]);
  for (const order of [TOKENS.toReversed(), TOKENS.toSorted(), [...TOKENS.slice(4), ...TOKENS.slice(0, 4)]]) {
    assert.deepEqual(read(order, MERGES), inOrder);
    assert.deepEqual(read(order, pairs), inOrder);
  }
});

Deno.test("a merge that is no pair, or makes no token, is refused with its place or its token", () => {
  for (const merge of ["ab", "a b c", ["a"], ["a", "b", "c"], ["a", 1], null]) {
    assert.throws(() => bpe(TOKENS, [...MERGES, merge]), /its merge 7 is not a pair of tokens/);
  }
  assert.throws(
    () => bpe(TOKENS, [...MERGES, "c c"]),
    /the token "cc" of its merges is not in its vocabulary/,
  );
  assert.throws(() => bpe(TOKENS, [...MERGES, "x a"]), /the token "x" of its merges/);
});
