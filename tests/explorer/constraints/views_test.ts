import assert from "node:assert/strict";
import { drawAutomaton } from "../../../lib/explorer/constraints/automaton_layout.ts";
import { addSpaces, choicesView } from "../../../lib/explorer/constraints/choices_view.ts";
import { markLines } from "../../../lib/explorer/constraints/marked_text.ts";
import type { Expected, Position } from "../../../lib/explorer/constraints/protocol.ts";
import { barredView, type XrayInput, xrayView } from "../../../lib/explorer/constraints/xray_view.ts";
import type { ConstraintState } from "../../../lib/wire/constraint.ts";
import type { ChoiceScore, ChoicesResult } from "../../../lib/wire/choices.ts";
import { distToken } from "../builders.ts";

const expected = (what: string, rule: string, pointer: string | null = null): Expected => ({
  ...{ what, rule, pointer },
  begun: false,
  span: null,
});

const POSITION: Position = {
  failedAt: null,
  mayEnd: false,
  expected: [expected("a digit", "year")],
  state: 1,
};

const STATE: ConstraintState = {
  may_end: false,
  must_end: false,
  allowed: 4,
  masked_mass: 0.5754,
  kl_bits: 1.236,
  forced: null,
  only_unusual: false,
  expected: [],
  more_expected: 0,
  notes: [],
};

function xray(change: Partial<XrayInput> = {}) {
  const valid = { notes: [], options: 4, automaton: null };
  const input = {
    type: "regex",
    valid,
    position: POSITION,
    text: "20",
    state: STATE,
    vocabulary: 49_152,
  } as const;
  return xrayView({ ...input, ...change });
}

Deno.test("the X-ray says where the text stands and whether it may end", () => {
  assert.equal(xray().now, "After “20”. The text may not end yet.");
  assert.equal(xray({ text: "" }).now, "At the start. The text may not end yet.");
  const over = { ...POSITION, expected: [], mayEnd: true };
  assert.match(xray({ position: over }).now, /the text is over: nothing but its end may come/);
  assert.match(
    xray({ position: { ...POSITION, failedAt: 1 } }).now,
    /^The text left the constraint at its byte 2\./,
  );
});

Deno.test("a text that left the constraint is shown around the place, on whole characters", () => {
  const left = (text: string, failedAt: number) => xray({ text, position: { ...POSITION, failedAt } }).left;
  assert.deepEqual(left("20x4", 2), { before: "20", behind: "x4" });
  assert.deepEqual(left("aé\nb", 2), { before: "a", behind: "é⏎b" }); // at the second byte of é
  assert.equal(left(`${"a".repeat(40)}b`, 40)!.before, `…${"a".repeat(24)}`);
  assert.equal(xray().left, null);
});

Deno.test("a forced text that ends within a word is said to", () => {
  const forced = (text: string, ...rests: string[]) => {
    const position = { ...POSITION, expected: rests.map((rest) => expected(JSON.stringify(rest), rest)) };
    const state = { ...STATE, forced: { text, ids: [1], ends: false } };
    return xray({ type: "multiple_choice", position, state }).cutsWord;
  };
  assert.ok(forced("th", "the sea", "that"));
  assert.ok(!forced("the", "the sea", "the, sound"));
  assert.ok(!forced(" ", " sea", " sound"));
});

Deno.test("choices that are still possible are counted, one that is complete too", () => {
  const position = {
    ...POSITION,
    mayEnd: true,
    expected: [expected('" York"', "New York"), expected('"c"', "Newc")],
  };
  const view = xray({ type: "multiple_choice", position, text: "New" });
  assert.equal(view.now, "After “New”, 3 of 4 choices are still possible.");
  assert.deepEqual(view.may.map(({ by }) => by), ["", "", ""]);
});

Deno.test("the mask is told in tokens, probability and bits", () => {
  const { mask, forced, warning } = xray();
  assert.equal(
    mask!.text,
    "49,148 tokens, 57.5 % of the probability. 4 tokens left. The bars change by 1.24 bits.",
  );
  assert.deepEqual([forced, warning], ["", null]);
  const told = xray({
    state: { ...STATE, only_unusual: true, forced: { text: '": "', ids: [1], ends: false } },
  });
  assert.equal(told.forced, '": "');
  assert.ok(told.warning !== null);
});

Deno.test("a barred token names its byte, what was expected there, and by which pointer", () => {
  const token = { ...distToken(7, 0), bytes: [0x20, 0x61], text: " a" };
  const reading = { failedAt: 1, mayEnd: false, expected: [expected("a digit", "number", "/properties/n")] };
  const view = barredView({ token, reading }, "json_schema");
  assert.equal(view.why, "Its byte 2 of 2 (61 “a”) cannot be. Expected there:");
  assert.deepEqual(view.expected, [{ what: "a digit", by: "/properties/n" }]);
  assert.match(barredView({ token, reading: null }, "regex").why, /^A special token is no text/);
});

Deno.test("marks cover exactly their characters, and an error hides the place", () => {
  const lines = markLines("ab\ncd e", { error: { from: 3, to: 5 }, next: [{ from: 1, to: 4 }] });
  assert.deepEqual(lines, [
    { wrong: false, pieces: [{ text: "a", mark: null }, { text: "b", mark: "next" }] },
    { wrong: true, pieces: [{ text: "cd", mark: "error" }, { text: " e", mark: null }] },
  ]);
});

Deno.test("an automaton is drawn in columns, no two states at one place, every arrow with its label", () => {
  const states = [0, 1, 2, 3].map((state) => ({ state: state + 5, accepts: state === 3 }));
  const arrows = [[0, 1], [0, 2], [1, 3], [2, 3], [3, 3], [3, 0], [0, 3]] as const;
  const labelled = arrows.map(([from, to]) => ({ from, to, label: "a character of a long description" }));
  const drawing = drawAutomaton({ states, arrows: labelled });
  assert.equal(new Set(drawing.states.map(({ x, y }) => `${x} ${y}`)).size, 4);
  assert.deepEqual(drawing.states.map(({ x }) => x), [44, 194, 194, 194]);
  assert.equal(drawing.arrows.length, 7);
  for (const { label, path, x, y } of drawing.arrows) {
    assert.ok(label.length <= 18 && !path.includes("NaN"), path);
    assert.ok(x >= 0 && x <= drawing.width && y >= 0 && y <= drawing.height, `${x} ${y}`);
  }
});

function option(text: string, total: number, share: number, tokens: number): ChoiceScore {
  return {
    text,
    tokens: [],
    logprobs: [],
    total,
    mean_per_token: total / tokens,
    mean_per_byte: total / text.length,
    share,
    prior_total: null,
    pmi: Math.LN2 * -2,
    prefix_of: [],
    end_logprob: null,
    joint_tokenisation_differs: false,
  };
}

Deno.test("the greedy trap names where greedy ends and what is more probable", () => {
  const result = {
    options: [option("a b", -4 * Math.LN2, 0.25, 2), option("c", -3 * Math.LN2, 0.75, 1)],
    best: { total: 1, mean_per_token: 0, mean_per_byte: 0, pmi: 0 },
    greedy: { option: 0, tokens: [], logprobs: [] },
    trap: true,
    warnings: [],
  } as unknown as ChoicesResult;
  const { rows, trap, notes } = choicesView(result);
  assert.deepEqual(
    rows.map(({ share, perToken, pmi, best, greedy }) => [share, perToken, pmi, best, greedy]),
    [
      ["25.0", "2.0", "−2.0", false, true],
      ["75.0", "3.0", "−2.0", true, false],
    ],
  );
  assert.match(trap!, /leads to “a b” \(25\.0 %\), but “c” is more probable as a whole \(75\.0 %\)/);
  assert.deepEqual(notes, ["Per token “a b” is the best.", "The prompt speaks most for “a b”."]);
  assert.equal(choicesView({ ...result, trap: false }).trap, null);
  const options = result.options.map((each) => ({ ...each, pmi: -0.01 }));
  assert.equal(choicesView({ ...result, options }).rows[0]!.pmi, "0.0");
});

Deno.test("a space is offered where choices would stick to the text's last word", () => {
  const spaced = (before: string, ...texts: string[]) => {
    return addSpaces({ options: texts.map((text) => ({ text })) } as unknown as ChoicesResult, before);
  };
  assert.equal(spaced(" is", "Paris", "42"), '[" Paris"," 42"]');
  assert.equal(spaced(":", "yes"), '[" yes"]');
  assert.equal(spaced(" is ", "Paris"), null);
  assert.equal(spaced("\n", "Paris"), null);
  assert.equal(spaced("", "Paris"), null);
  assert.equal(spaced(" is", "Paris", " Rome"), null);
  assert.equal(spaced(" is", "Paris", "."), null);
});
