import assert from "node:assert/strict";
import { searchTexts } from "../../../lib/constraints/pattern/search.ts";
import { seededRandom } from "../random.ts";
import { randomPattern, randomText } from "./random_pattern.ts";

const search = (pattern: string, texts: readonly string[]) => searchTexts(pattern, texts, () => {});

Deno.test("random patterns are found where RegExp finds them", () => {
  const random = seededRandom(5);
  let found = 0;
  for (let round = 0; round < 400; round++) {
    const pattern = randomPattern(random, ["^", "$", "\\b", "\\B"]);
    const written = Array.from({ length: 30 }, () => randomText(random));
    // V8 lets \B hold between the halves of a surrogate pair, ECMA-262 does not
    const texts = pattern.includes("\\B") ? written.map((text) => text.replaceAll("😀", "ß")) : written;
    const expression = new RegExp(pattern, "u");
    const expected = texts.flatMap((text, at) => expression.test(text) ? [at] : []);
    assert.deepEqual(search(pattern, texts), expected, `${pattern} in ${JSON.stringify(texts)}`);
    found += expected.length;
  }
  assert.ok(found > 1500 && found < 10_500, `${found}`);
});

Deno.test("what takes RegExp for ever takes no longer than anything else", () => {
  const text = "a".repeat(5000);
  for (const pattern of ["^(a+)+b$", "(a*)*b", "(a|a)*b", "(x+x+)+y", "(.*a){10}b", "(a?){40}a{40}b"]) {
    assert.deepEqual(
      search(pattern, [text.slice(0, 200), `${text.slice(0, 200)}b`]).includes(0),
      false,
      pattern,
    );
  }
  assert.deepEqual(search("^(a+)+$", [text]), [0]);
  assert.deepEqual(search("a{1,100000}", ["b", "ba"]), [1]);
  assert.deepEqual(search("a{100000}", ["a"]), []);
});

Deno.test("the clock is asked on the way", () => {
  const stop = () => {
    throw new Error("stopped");
  };
  assert.throws(() => searchTexts("(a|b)*c", new Array(2000).fill("ab".repeat(50)), stop), /stopped/);
});

Deno.test("what cannot be searched in linear time is refused by name and place", () => {
  for (
    const [pattern, message] of [
      ["a(?=b)", /^A look-ahead is not supported in a search\.$/],
      ["(?<=b)a", /^A look-behind is not supported in a search\.$/],
      ["(a)\\1", /^A back-reference is not supported in a search\.$/],
      ["(?<n>a)\\k<n>", /^A back-reference is not supported in a search\.$/],
      ["(?i:a)", /^Modifiers of a group is not supported|^Modifiers of a group/],
      ["((a{1,99}){1,99}){1,99}", /needs more than 50,000 steps/],
      ["(", /can't be read: Unterminated group/],
    ] as const
  ) assert.throws(() => search(pattern, ["a".repeat(99)]), { message });
});
