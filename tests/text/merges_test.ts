import { strict as assert } from "node:assert";
import fc from "fast-check";
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

/** Byte pair encoding as it is defined: of all pairs the one of the lowest rank, the leftmost of them. */
function mergeByDefinition(letters: readonly string[], merges: readonly string[]): string[] {
  const tokens = [...letters];
  while (true) {
    const ranks = tokens.slice(1).map((token, at) => merges.indexOf(`${tokens[at]} ${token}`));
    const least = Math.min(...ranks.filter((rank) => rank >= 0));
    const at = ranks.indexOf(least);
    if (at < 0) return tokens;
    tokens.splice(at, 2, tokens[at]! + tokens[at + 1]!);
  }
}

Deno.test("property: words of any length are merged as it is defined, in whatever order the merges have lengths", () => {
  const token = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 });
  const runs = fc.array(fc.tuple(token, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(token, token), { maxLength: 12 }), runs, (pairs, parts) => {
      const merges = [...new Map(pairs.map(([left, right]) => [`${left} ${right}`, true])).keys()];
      const tokens = [
        ...new Set([
          "a",
          "b",
          "c",
          ...merges.flatMap((merge) => [...merge.split(" "), merge.replace(" ", "")]),
        ]),
      ];
      const text = parts.map(([part, times]) => part.repeat(times)).join("");
      const made = bpe(tokens, merges).encode(text).map((id) => tokens[id]);
      assert.deepEqual(made, mergeByDefinition([...text], merges));
    }),
    { numRuns: 300 },
  );
});

Deno.test("a merge that makes one of its own tokens is done again and again, in a short word and in a long one", () => {
  const vocab = { "#": 0, "##": 1, a: 2, "##a": 3, "aa": 4 };
  const model = {
    ...{ type: "BPE", vocab, merges: ["a ##", "a ##a"], unk_token: "##" },
    continuing_subword_prefix: "##",
  };
  const codec = parseTokenizer(JSON.stringify({ model }), null);
  for (const length of [3, 30, 300]) {
    assert.deepEqual(codec.encode(`a${"x".repeat(length)}a`), [4], String(length));
  }
});
