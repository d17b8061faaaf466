import assert from "node:assert/strict";
import fc from "fast-check";
import { finishSlices } from "../../../lib/basics/slices.ts";
import { pieceOf } from "../../../lib/text/file/piece.ts";
import { createNormalizer } from "../../../lib/text/normalizers/normalizer.ts";
import { toNormalForm, toNormalFormInSlices } from "../../../lib/text/unicode/forms.ts";
import { normalizeMarks } from "../../../lib/text/unicode/long_marks.ts";

const FORMS = ["NFC", "NFD", "NFKC", "NFKD"] as const;
/** Of many combining classes: the lowest, the highest, none; some that compose, and some that are decomposed. */
const MARKS = [
  "\u0301",
  "\u0316",
  "\u0334",
  "\u0345",
  "\u0344",
  "\u0f73",
  "\u0f71",
  "\u09be",
  "\u3099",
  "\u0300",
  "\u05b0",
];

Deno.test("property: normal forms of long runs of marks are the engine's", () => {
  const run = fc.array(fc.constantFrom(...MARKS), { minLength: 60, maxLength: 200 }).map((marks) =>
    marks.join("")
  );
  const text = fc.array(fc.tuple(fc.constantFrom("", "e", "가", "ᄀ", "か", "ﬁ"), run), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(fc.property(text, (parts) => {
    const whole = parts.flat().join("");
    for (const form of FORMS) assert.equal(toNormalForm(whole, form), whole.normalize(form));
  }));
});

Deno.test("a megabyte of two marks in turn is put into order", () => {
  const count = 250_000; // the engine takes a minute
  const [above, below] = ["\u0301", "\u0316"];
  const text = `e${(above + below).repeat(count)}`;
  assert.ok(toNormalForm(text, "NFD") === `e${below.repeat(count)}${above.repeat(count)}`);
  assert.ok(toNormalForm(text, "NFC") === `é${below.repeat(count)}${above.repeat(count - 1)}`);
});

Deno.test("what becomes a mark joins the marks before it to those behind it", () => {
  // A halfwidth sound mark is a letter of its own but in the compatibility forms.
  const before = "か\u0301" + "\u{1d165}".repeat(4) + "ﾞ";
  const text = before + "\u0316\u0327".repeat(9000);
  for (const form of FORMS) {
    assert.ok(finishSlices(toNormalFormInSlices(text, form)) === toNormalForm(text, form), form);
  }
});

Deno.test("property: endless runs of marks have in slices the normal forms that they have at once", () => {
  const others = ["\u0f77", "\u{1d165}", "\u{1d16e}", "\u0f80", "\u0327"];
  const piece = fc.array(fc.constantFrom(...MARKS, ...MARKS, ...others), { minLength: 1, maxLength: 5 });
  const run = fc.tuple(piece, fc.constantFrom(1, 1700, 5000)).map(([marks, times]) =>
    marks.join("").repeat(times)
  );
  const letter = fc.constantFrom(
    "",
    "e",
    "é",
    "ở",
    "가",
    "ᄀ",
    "か",
    "ﬁ",
    "ﾞ",
    "\u00a8",
    "\u{1f99c}",
    "\u{1d15e}",
  );
  const text = fc.array(fc.tuple(letter, run), { minLength: 1, maxLength: 4 });
  let sliced = 0;
  fc.assert(
    fc.property(text, letter, (parts, last) => {
      const whole = parts.flat().join("") + last;
      for (const form of FORMS) {
        let rests = 0;
        const slices = toNormalFormInSlices(whole, form);
        let step = slices.next();
        for (; !step.done; step = slices.next()) rests++;
        assert.ok(step.value === toNormalForm(whole, form), form);
        if (rests > 4) sliced++;
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
  assert.ok(sliced > 10);
  const short = "e\u0301".repeat(9000);
  assert.ok(finishSlices(toNormalFormInSlices(short, "NFC")) === short.normalize("NFC"));
});

Deno.test("of an endless run of marks the engine is given the first, which may join their letter", () => {
  const texts = [
    `u${"\u0308\u0304".repeat(9000)}`, // two marks of one class join it
    `é${"\u0316".repeat(18_000)}`, // the mark in the letter comes behind
    "\u{1d165}".repeat(9000),
    `e\u0301${"\u{1d165}".repeat(9000)}`, // two units each, at any place
  ];
  for (const text of texts) {
    for (const form of FORMS) {
      let longest = 0;
      const written = finishSlices(normalizeMarks(text, (part) => {
        longest = Math.max(longest, part.length);
        return part.normalize(form);
      }));
      assert.ok(written === text.normalize(form) && longest < 500, `${text.slice(0, 4)} ${form}: ${longest}`);
    }
  }
  for (const form of FORMS) {
    const others = `\u0f77${"\u0334".repeat(18_000)}`; // in a compatibility form it is others, which come behind
    assert.ok(finishSlices(toNormalFormInSlices(others, form)) === others.normalize(form), form);
    const newer = `e\u{113c5}${"\u0334".repeat(18_000)}`; // the reference's tables leave such a mark as it is
    assert.ok(finishSlices(toNormalFormInSlices(newer, form)) === newer, form);
  }
});

Deno.test("a run of marks is no slice of its own in a normalizer", () => {
  const text = `e${"\u0301\u0316".repeat(2 ** 17)}`;
  for (const type of ["NFC", "NFD", "NFKC", "NFKD"]) {
    let rests = 0;
    for (const rest of createNormalizer({ type })(pieceOf(text))) rests += rest === undefined ? 1 : 0;
    const windows = text.length * (2 / 2 ** 14 + 3 / 2 ** 12); // it is read five times
    assert.ok(rests > windows - 5, `${type}: ${rests}`);
  }
});
