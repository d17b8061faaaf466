import assert from "node:assert/strict";
import fc from "fast-check";
import { finishSlices } from "../../../lib/basics/slices.ts";
import { rewriteInParts } from "../../../lib/text/file/in_parts.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const REWRITES: Readonly<Record<string, (text: string) => string>> = {
  NFC: (text) => text.normalize("NFC"),
  NFD: (text) => text.normalize("NFD"),
  NFKC: (text) => text.normalize("NFKC"),
  NFKD: (text) => text.normalize("NFKD"),
  graphemes: (text) => Array.from(graphemes.segment(text), ({ segment }) => `${segment}|`).join(""),
};

/** What joins its neighbours, and letters of many scripts that it joins. */
const SPECIAL = [
  ..."\r\n\t a é\u0301\u0316\u0308\u3099\u309a か カ 가 각 ᄀ ᅡ ᆨ क ् ि \u093c ก ำ \u064e ل \u0600 \u0890 \u200d \u200c \ufe0f \u20e3 Σ α Ж ﬁ Ω",
  ..."🦜👩🏽🇩🦰❤\u{e0041}\u{1d15f}\u{1d165}",
];
const anyLetter = fc.integer({ min: 0x20, max: 0x1faff }).map((code) =>
  code > 0xd7ff && code < 0xe000 ? "x" : String.fromCodePoint(code)
);

for (const [name, rewrite] of Object.entries(REWRITES)) {
  Deno.test(`property: a long text is rewritten in parts as it is at once: ${name}`, () => {
    const letter = fc.oneof(fc.constantFrom(...SPECIAL), anyLetter);
    fc.assert(
      fc.property(
        fc.array(letter, { minLength: 200, maxLength: 400 }),
        fc.nat({ max: 40 }),
        (letters, step) => {
          let text = "";
          for (let at = 0; text.length < 200_000; at += 1 + step) {
            text += letters[at % letters.length]! + letters[at * 7 % letters.length]!;
          }
          assert.ok(finishSlices(rewriteInParts(text, rewrite, false)) === rewrite(text));
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });
}

Deno.test("where each character is rewritten by itself none of two units is cut", () => {
  for (const part of ["🦜", "a🦜", "ab🦜"]) {
    const text = part.repeat(50_000);
    let parts = 0;
    const rewrite = (part: string) => {
      parts++;
      assert.ok(part.isWellFormed());
      return part;
    };
    assert.ok(finishSlices(rewriteInParts(text, rewrite, true)) === text);
    assert.ok(parts > 2);
  }
});

Deno.test("letters with marks are cut behind their marks, but not where a script joins across them", () => {
  for (const [name, rewrite] of Object.entries(REWRITES)) {
    for (
      const [part, least] of [["e\u0301\u0315", 5], ["α\u0345Ж\u0306", 5], ["क\u094d\u0301", 1]] as const
    ) {
      const text = part.repeat(40_000);
      let parts = 0;
      const counted = (part: string) => (parts++, rewrite(part));
      assert.ok(finishSlices(rewriteInParts(text, counted, false)) === rewrite(text), `${name} ${part}`);
      assert.ok(parts >= least, `${parts} parts`);
    }
  }
});
