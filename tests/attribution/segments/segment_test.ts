import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Segment,
  segmentMessages,
  segmentText,
  sumScores,
} from "../../../lib/attribution/segments/segment.ts";

function texts(tokens: readonly string[], segments: readonly Segment[]): string[] {
  return segments.map(({ from, to }) => tokens.slice(from, to).join(""));
}

Deno.test("words: pieces of a word go together, spaces with what follows, marks stand alone", () => {
  const tokens = ["The", " un", "believ", "able", " cat", "'s", " ", " hat", ",", " 3", ".", "5", "!\n"];
  assert.deepEqual(texts(tokens, segmentText(tokens, "word")), [
    "The",
    " unbelievable",
    " cat's",
    "  hat",
    ",",
    " 3.5",
    "!\n",
  ]);
});

Deno.test("sentences: the space between two goes with the second", () => {
  const tokens = ["Hello", " there", ".", " How", " are", " you", "?", " ", "Fine"];
  assert.deepEqual(texts(tokens, segmentText(tokens, "sentence")), [
    "Hello there.",
    " How are you?",
    " Fine",
  ]);
});

Deno.test("tokens without a text of their own go with their place", () => {
  // A character of several tokens is shown by one of them, the others are empty.
  const tokens = ["a ", "", "", "é", "t", "é", "", " b"];
  assert.deepEqual(segmentText(tokens, "word"), [{ from: 0, to: 1 }, { from: 1, to: 6 }, {
    from: 6,
    to: 8,
  }]);
});

Deno.test("messages begin where they are told to", () => {
  assert.deepEqual(segmentMessages([0, 4, 9], 12), [{ from: 0, to: 4 }, { from: 4, to: 9 }, {
    from: 9,
    to: 12,
  }]);
  assert.deepEqual(segmentMessages([1], 2), [{ from: 0, to: 1 }, { from: 1, to: 2 }]);
  assert.deepEqual(segmentMessages([], 3), [{ from: 0, to: 3 }]);
  for (const wrong of [[3, 3], [4, 2], [5], [0.5]]) {
    assert.throws(() => segmentMessages(wrong, 5), RangeError);
  }
});

Deno.test("segments cover every token once, so sums keep the total", () => {
  const token = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 4 }),
    fc.constantFrom(" ", "", ". ", "\n", "é"),
  );
  fc.assert(
    fc.property(fc.array(token, { minLength: 1 }), fc.constantFrom("word", "sentence"), (tokens, unit) => {
      const segments = segmentText(tokens, unit as "word");
      assert.deepEqual(
        segments.flatMap(({ from, to }) => tokens.slice(from, to).map((_, i) => from + i)),
        tokens.map((_, i) => i),
      );
      const scores = tokens.map((_, i) => 2 ** i % 17);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      assert.equal(sum(sumScores(scores, segments)), sum(scores));
    }),
  );
  assert.throws(() => sumScores([1], [{ from: 0, to: 2 }]), RangeError);
});
