import assert from "node:assert/strict";
import fc from "fast-check";
import { toNormalForm } from "../../../lib/text/unicode/forms.ts";

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
