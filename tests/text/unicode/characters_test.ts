// Characters found by a table are those that an expression finds.
import assert from "node:assert/strict";
import fc from "fast-check";
import { anyOf, NUMBER, PUNCTUATION_MARK, WHITE_SPACE } from "../../../lib/text/unicode/classes.ts";
import { createCharacterClass, createCharacterReader } from "../../../lib/text/unicode/characters.ts";
import { createSectionReader, type SectionReader } from "../../../lib/text/unicode/pattern.ts";

function sectionsOf(reader: SectionReader, text: string) {
  const sections: (readonly [end: number, matched: boolean])[] = [];
  reader.begin(text);
  while (reader.next()) sections.push([reader.end, reader.matched]);
  return sections;
}

const CLASSES = {
  NUMBER,
  PUNCTUATION_MARK,
  WHITE_SPACE,
  "beyond the first plane": "\\u{1d7ce}-\\u{1d7ff}🦜",
};
const PARTS = ["a", "7", " ", "\n", "!", "深", "½", "🦜", "\u{1d7d8}", "\u{10a40}"];

for (const [name, characters] of Object.entries(CLASSES)) {
  Deno.test(`property: texts are cut at a class as by its expression: ${name}`, () => {
    const runs = fc.array(fc.tuple(fc.constantFrom(...PARTS), fc.integer({ min: 1, max: 40 })));
    const reader = createCharacterReader(createCharacterClass(characters));
    fc.assert(fc.property(fc.oneof(runs, fc.string({ unit: "binary" })), (made) => {
      const text = typeof made === "string" ? made : made.map(([part, times]) => part.repeat(times)).join("");
      assert.deepEqual(sectionsOf(reader, text), sectionsOf(createSectionReader(anyOf(characters)), text));
    }));
  });
}
