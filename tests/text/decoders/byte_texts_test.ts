import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesOfStandIns } from "../../../lib/text/decoders/bytes.ts";
import { createByteTexts } from "../../../lib/text/decoders/byte_texts.ts";
import { toStandIns } from "../../../lib/text/unicode/stand_ins.ts";
import { decodeTogether } from "../../../lib/text/unicode/utf8.ts";

/** Stand-ins of every byte, by the characters that make them. */
const bytes = Array.from(toStandIns("aé€😀\u00a0"));
const token = fc.oneof(
  fc.constantFrom("", "a", "Ġthe", toStandIns("é"), toStandIns("😀"), "ÿ", "<|im_end|>", "<é>"),
  fc.array(fc.constantFrom(...bytes), { maxLength: 3 }).map((list) => list.join("")),
);

Deno.test("texts of a path's end are those that the whole path has there", () => {
  const texts = createByteTexts();
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), fc.nat(12), (tokens, at) => {
      const from = Math.min(at, tokens.length);
      assert.deepEqual(texts(tokens, from), decodeTogether(tokens.map(bytesOfStandIns), from));
    }),
    { numRuns: 3000 },
  );
});
