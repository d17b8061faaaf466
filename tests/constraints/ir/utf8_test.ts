import assert from "node:assert/strict";
import fc from "fast-check";
import { matches } from "../../../lib/constraints/ir/derive.ts";
import { Budget } from "../../../lib/constraints/ir/limits.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import {
  anyText,
  codePoints,
  complementText,
  invertRanges,
  literals,
} from "../../../lib/constraints/ir/utf8.ts";
import type { CodePointRange } from "../../../lib/constraints/ir/utf8.ts";

const encoder = new TextEncoder();
const EDGES = [
  0,
  1,
  0x7e,
  0x7f,
  0x80,
  0x7ff,
  0x800,
  0xfff,
  0x1000,
  0xd7ff,
  0xe000,
  0xffff,
  0x10000,
  0x10ffff,
];
const point = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.nat(0x10ffff),
  fc.nat(0x2ff),
).filter((code) => code < 0xd800 || code > 0xdfff);
const range = fc.tuple(point, point).map(([a, b]): CodePointRange => [Math.min(a, b), Math.max(a, b)]);

Deno.test("ranges of code points are exactly their UTF-8 sequences", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 5 }), fc.array(point, { maxLength: 20 }), (ranges, codes) => {
      const arena = new RegexArena(new Budget());
      const regex = codePoints(arena, ranges);
      const outside = codePoints(arena, invertRanges(ranges));
      for (const code of [...EDGES, ...ranges.flat(), ...ranges.flat().map((code) => code + 1), ...codes]) {
        if (code > 0x10ffff || code >= 0xd800 && code <= 0xdfff) continue;
        const bytes = encoder.encode(String.fromCodePoint(code));
        const inside = ranges.some(([from, to]) => code >= from && code <= to);
        assert.equal(matches(arena, regex, bytes), inside, `U+${code.toString(16)}`);
        assert.equal(matches(arena, outside, bytes), !inside, `not U+${code.toString(16)}`);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("any text is what a strict UTF-8 decoder reads", () => {
  const arena = new RegexArena(new Budget());
  const text = anyText(arena);
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0x61, 0x80, 0xbf, 0xc3, 0xe0, 0xa0, 0xed, 0xf0, 0x90, 0xf4, 0x8f),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (bytes) => {
      let valid = true;
      try {
        strict.decode(Uint8Array.from(bytes));
      } catch {
        valid = false;
      }
      assert.equal(matches(arena, text, bytes), valid, bytes.join(" "));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a list of texts matches its members alone", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "€"), maxLength: 4 });
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.array(word), (texts, others) => {
    const arena = new RegexArena(new Budget());
    const regex = literals(arena, texts);
    const rest = complementText(arena, regex);
    for (const text of [...texts, ...others, ""]) {
      assert.equal(matches(arena, regex, encoder.encode(text)), texts.includes(text), text);
      assert.equal(matches(arena, rest, encoder.encode(text)), !texts.includes(text), text);
    }
  }));
});
