import assert from "node:assert/strict";
import fc from "fast-check";
import { leadingClassOf } from "../../../lib/text/unicode/leading_run.ts";
import { findSections, patternOption } from "../../../lib/text/unicode/pattern.ts";

const compile = (Regex: string) => patternOption({ type: "Split", pattern: { Regex } });

/** Where the matches of an expression in a text are, by the expression itself. */
function matchesIn(text: string, pattern: RegExp): (readonly [start: number, end: number])[] {
  return Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length] as const);
}

function foundIn(text: string, pattern: RegExp): (readonly [start: number, end: number])[] {
  const { ends, matched } = findSections(text, pattern);
  return ends.flatMap((end, at) => matched[at] ? [[ends[at - 1] ?? 0, end] as const] : []);
}

const RUNS = [
  "\\s+$",
  "[ab]+(?=c)",
  "[^b]+c",
  "\\p{L}+?c",
  "[a-c&&[^b]]+ ",
  "[\u{1f980}-\u{1f9ff}]+(c| )",
  "\\s+x|",
];

for (const source of RUNS) {
  Deno.test(`property: a pattern that begins with a run finds what its expression finds: ${source}`, () => {
    const part = fc.constantFrom("a", "b", "c", " ", " ", "\n", "🦜", "深", "\ud83e", "\udd9c"); // halves too
    const text = fc.array(part, { maxLength: 30 });
    fc.assert(fc.property(text, (parts) => {
      const text = parts.join("");
      const all = matchesIn(text, compile(source)).filter(([start, end]) => start < end);
      assert.deepEqual(foundIn(text, compile(source)).filter(([start, end]) => start < end), all);
    }));
  });
}

Deno.test("a pattern that begins with a run is known by its source", () => {
  const cases: readonly (readonly [source: string, leading: string | null])[] = [
    ["\\s+$", "\\s"],
    ["\\p{space}+(?=$|\\n)", "\\p{space}"],
    ["[[a-z]--[b\\]]]+?[|](?:c|d)", "[[a-z]--[b\\]]]"],
    ["\\s+", null],
    ["\\s+x|y", null],
    ["\\s*x", null],
    ["\\s{2,}x", null],
    ["a+x", null],
    ["\\b+x", null],
    ["(?:\\s+)x", null],
  ];
  for (const [source, leading] of cases) assert.equal(leadingClassOf(source), leading, source);
});

Deno.test("a run that ends otherwise is looked through once", () => {
  // An expression that begins anew at each of its characters takes hours.
  const text = `${" ".repeat(2 ** 20)}深`;
  assert.deepEqual(findSections(text, compile("\\s+$")), { ends: [text.length], matched: [false] });
});
