import assert from "node:assert/strict";
import fc from "fast-check";
import { matches } from "../../../lib/constraints/ir/derive.ts";
import { Budget } from "../../../lib/constraints/ir/limits.ts";
import { placeInText, refusalPlaceOf } from "../../../lib/constraints/ir/refusal.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import type { Regex } from "../../../lib/constraints/ir/regex.ts";
import { anyText } from "../../../lib/constraints/ir/utf8.ts";
import { matchWhole, searchMatch } from "../../../lib/constraints/pattern/lower.ts";
import { readPattern } from "../../../lib/constraints/pattern/read.ts";
import { createRegexAlgebra } from "../../../lib/constraints/pattern/to_regex.ts";

const encoder = new TextEncoder();

function lowered(pattern: string, lenient = false) {
  const arena = new RegexArena(new Budget());
  const algebra = createRegexAlgebra(arena, { placeOf: (node) => placeInText(pattern, node.from) });
  const tree = readPattern(pattern, { lenient });
  const has = (regex: Regex) => (text: string) => matches(arena, regex, encoder.encode(text));
  return {
    whole: has(matchWhole(algebra, tree)),
    search: has(searchMatch(algebra, tree, anyText(arena))),
  };
}

function sameAsRegExp(pattern: string, texts: readonly string[], flags = "u"): void {
  const ours = lowered(pattern, flags === "");
  const [whole, search] = [new RegExp(`^(?:${pattern})$`, flags), new RegExp(pattern, flags)];
  for (const text of texts) {
    assert.equal(ours.whole(text), whole.test(text), `${pattern} as a whole on ${JSON.stringify(text)}`);
    assert.equal(ours.search(text), search.test(text), `${pattern} in ${JSON.stringify(text)}`);
  }
}

const TEXTS = Array.from({ length: 6 }, (_, length) => {
  return Array.from({ length: 2 ** length }, (_, bits) => {
    return Array.from({ length }, (_, i) => (bits >> i & 1) === 1 ? "b" : "a").join("");
  });
}).flat();

Deno.test("random patterns with anchors and look-aheads match what RegExp matches", () => {
  const { pattern } = fc.letrec<{ pattern: string; loop: string }>((tie) => {
    const composed = (inner: "pattern" | "loop", extra: fc.Arbitrary<string>[]) =>
      fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("a", "b", "[ab]", "[^a]", "(?:)", "^", "$"),
        fc.array(tie(inner), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
        fc.array(tie(inner), { minLength: 2, maxLength: 3 }).map((ways) => `(?:${ways.join("|")})`),
        fc.tuple(tie("loop"), fc.constantFrom("*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "*?")).map(
          ([of, count]) => `(?:${of})${count}`,
        ),
        ...extra,
      );
    const ahead = fc.tuple(fc.constantFrom("=", "!"), tie("pattern")).map(([kind, of]) => `(?${kind}${of})`);
    return { pattern: composed("pattern", [ahead]), loop: composed("loop", []) };
  });
  fc.assert(fc.property(pattern, (source) => sameAsRegExp(source, TEXTS)), { numRuns: 150 });
});

Deno.test("classes, escapes and Unicode properties are those of ECMAScript with the flag u", () => {
  const characters = [..."aZ_09 \t\n\r\u2028\u00a0éßΩ日本😀\u{10ffff}\ufeff\u0000-]^.\\/"];
  const patterns = [
    ".",
    "\\w",
    "\\W",
    "\\d",
    "\\D",
    "\\s",
    "\\S",
    "[^]",
    "[\\w-]",
    "[\\s\\S]",
    "[^\\n]",
    "\\p{L}",
    "\\P{Lu}",
    "[\\p{Script=Greek}\\d]",
    "\\p{Emoji}",
    "[^\\p{ASCII}]",
    "\\u{1F600}",
    "\\ud83d\\ude00",
    "[😀-😂]",
    "\\x41|\\cJ",
    "\\.",
    "[\\]\\^-]",
    "[a-é]",
    "(?<name>é)",
    "\\/",
    "\\t|\\0",
  ]; // deno-fmt-ignore
  for (const pattern of patterns) sameAsRegExp(pattern, [...characters, "", "ab", "éé"]);
});

Deno.test("schemas' patterns without the flag u are read as validators read them", () => {
  sameAsRegExp("^[\\w\\-]+\\-x\\_$", ["a-x_", "-\\-x_", "a_x-"], "");
  assert.ok(lowered('^\\p{Lu}\\-\\"$', true).search('É-"')); // only the needless backslashes go
  assert.throws(() => lowered("\\p{Lu}\\q", true), /can't be read/);
  assert.throws(() => lowered("\\-"), /can't be read: Invalid escape/);
});

Deno.test("the flags i and s", () => {
  const characters = [..."aAkKsSéÉßẞσςΣſ\u212a\n 1"];
  for (const pattern of ["k", "[a-s]", "[^a]", "É", "[σ]", "\\w", "\\W", "\\p{Lu}", ".", "ß", "[^Σ]"]) {
    const arena = new RegexArena(new Budget());
    const tree = readPattern(pattern, { ignoreCase: true, dotAll: true });
    const regex = matchWhole(createRegexAlgebra(arena, { placeOf: () => ({}) }), tree);
    const expected = new RegExp(`^(?:${pattern})$`, "ius");
    for (const text of characters) {
      assert.equal(matches(arena, regex, encoder.encode(text)), expected.test(text), `${pattern} on ${text}`);
    }
  }
});

Deno.test("what is no regular language is refused by name, with line and column", () => {
  const refused: readonly (readonly [string, RegExp, number, number])[] = [
    ["a(?<=b)c", /look-behind/, 1, 2],
    ["(a)\\1", /back-reference/, 1, 4],
    ["a\\bc", /word boundary/, 1, 2],
    ["x\n(?:(?=a)b)*", /look-ahead within a repeat/i, 2, 1],
    ["a(?i:b)", /Modifiers/, 1, 2],
    ["a[b", /Unterminated character class/, 1, 4],
    ["(a", /Unterminated group/, 1, 3],
    ["a{2,1}", /out of order/, 1, 7],
    ["*", /Nothing to repeat/, 1, 2],
    ["(".repeat(5000) + ")".repeat(5000), /deeper than 500 groups/, 1, 501],
  ];
  for (const [pattern, message, line, column] of refused) {
    assert.throws(() => lowered(pattern), (error) => {
      assert.match((error as Error).message, message);
      assert.deepEqual(refusalPlaceOf(error), { line, column }, pattern.slice(0, 20));
      return true;
    });
  }
});

Deno.test("catastrophic and huge patterns are read", () => {
  const { whole } = lowered("(a+)+b|(a|a)*c|a{1,100000}");
  assert.ok(whole("a".repeat(300) + "b") && whole("a".repeat(300)) && !whole("a".repeat(300) + "bb"));
  assert.ok(lowered("abc|".repeat(25_000)).whole("abc"));
  assert.throws(
    () => lowered(".".repeat(2 ** 18 + 1)),
    /has 262145 characters, more than the 262144 that are read/,
  );
});
