// GPT-2's words, window by window, are those that its pattern finds in the whole text.
import assert from "node:assert/strict";
import fc from "fast-check";
import { pieceOf } from "../../../lib/text/file/piece.ts";
import { createGpt2Cutter } from "../../../lib/text/pre_tokenizers/gpt2_words.ts";

const GPT2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

function cutAll(text: string, window?: number): { words: string[]; rests: number } {
  const cutter = createGpt2Cutter(window);
  const words: string[] = [];
  let rests = 0;
  cutter.begin(pieceOf(text));
  for (let part = cutter.next(); part !== undefined; part = cutter.next()) {
    if (part === null) rests++;
    else words.push(part.text);
  }
  return { words, rests };
}

const PARTS = [
  "a",
  "\u6df1",
  "\u{1d400}",
  "\u{1f99c}",
  "\u0301",
  "7",
  "\u00bd",
  " ",
  "\n",
  "\u00a0",
  "!",
  "'",
  "'s",
  "'re",
  "'ll",
];

Deno.test("property: words in windows of any size are those of the pattern", () => {
  const runs = fc.array(fc.tuple(fc.constantFrom(...PARTS), fc.integer({ min: 1, max: 30 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(runs, fc.integer({ min: 9, max: 24 }), (runs, window) => {
      const text = runs.map(([part, count]) => part.repeat(count)).join("");
      assert.deepEqual(cutAll(text, window).words, text.match(GPT2) ?? []);
    }),
    { numRuns: 3000, endOnFailure: true },
  );
});

Deno.test("a word of a mebibyte is found with rests, of whatever it is made", () => {
  for (const part of ["\u6df1", "\u{1f99c}", "\u0301", "7", "!", " "]) {
    const long = part.repeat(2 ** 19);
    for (const text of [long, ` ${long}a`, `a${long} b`]) {
      const { words, rests } = cutAll(text);
      assert.ok(words.join("") === text && rests >= 2 ** 19 / 2 ** 14 - 2, JSON.stringify(part));
      assert.ok(words.every((word, at) => word === text.match(GPT2)![at]), JSON.stringify(part));
    }
  }
});
