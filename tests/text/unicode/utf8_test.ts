import assert from "node:assert/strict";
import fc from "fast-check";
import { concat } from "../../../lib/basics/concat.ts";
import { decodeTogether, isText, lossyText, showWhitespace } from "../../../lib/text/unicode/utf8.ts";

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
  fc.constantFrom(0xf0, 0x9f, 0xa6, 0x9c, 0xe2, 0xed, 0xa0).map((byte) => Uint8Array.of(byte)),
);

Deno.test("property: the texts of chunks joined are the text of the chunks joined", () => {
  fc.assert(
    fc.property(fc.array(bytes), (chunks) => {
      const texts = decodeTogether(chunks).texts;
      assert.equal(texts.length, chunks.length);
      assert.equal(texts.map((chunk) => chunk.text).join(""), lossyText(concat(Uint8Array, chunks)));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("property: the last chunks' texts are those among all, and begin where they do", () => {
  fc.assert(
    fc.property(fc.array(bytes), fc.nat({ max: 12 }), (chunks, first) => {
      const all = decodeTogether(chunks).texts;
      const { offset, texts } = decodeTogether(chunks, first);
      assert.deepEqual(texts, all.slice(first));
      assert.equal(offset, all.slice(0, first).map((chunk) => chunk.text).join("").length);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("property: valid is what a strict decoder accepts", () => {
  fc.assert(fc.property(fc.array(bytes).map((chunks) => concat(Uint8Array, chunks)), (all) => {
    const strict = () => new TextDecoder("utf-8", { fatal: true }).decode(all);
    if (isText(all)) strict();
    else assert.throws(strict);
  }));
});

Deno.test("shows bytes that are no text in hexadecimal, each with the chunk that has it", () => {
  const show = (...chunks: number[][]) =>
    decodeTogether(chunks.map((chunk) => Uint8Array.from(chunk))).texts.map((c) => c.display);
  assert.deepEqual(show([0x20, 0xf0, 0x9f], [0xa6], [0x9c]), ["␠⟨F0 9F⟩", "⟨A6⟩", "🦜"]);
  assert.deepEqual(show([0xf0, 0x9f], [0x41]), ["⟨F0 9F⟩", "A"]);
  assert.deepEqual(show([0xff, 0xfe, 0x61, 0x80]), ["⟨FF FE⟩a⟨80⟩"]);
  assert.deepEqual(show([0xef, 0xbf, 0xbd]), ["\uFFFD"]);
  assert.deepEqual(show([], [0x0a]), ["∅", "⏎"]);
});

Deno.test("makes whitespace visible", () => {
  assert.equal(showWhitespace("  a b"), "␠␠a b");
  assert.equal(showWhitespace("\n\tx"), "⏎⇥x");
  assert.equal(showWhitespace(""), "∅");
});
