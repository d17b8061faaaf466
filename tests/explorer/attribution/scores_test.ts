import assert from "node:assert/strict";
import { rankContributors } from "../../../lib/explorer/attribution/contributors.ts";
import {
  attributionLegend,
  scoreHeats,
  scoreText,
  spreadScores,
} from "../../../lib/explorer/attribution/scores.ts";
import { FIRST_CHOICE } from "../../../lib/explorer/attribution/methods.ts";
import { readRoot } from "../builders.ts";
import { attributionAnswer } from "./answers.ts";

Deno.test("scores say their sign only where scores have one", () => {
  assert.deepEqual([0.36, -0.14, 0, 123.4, 0.0004].map((score) => scoreText(score, true)), [
    "+0.36",
    "−0.14",
    "0",
    "+123.40",
    "+4.0×10⁻⁴",
  ]);
  assert.equal(scoreText(0.36, false), "0.36");
});

Deno.test("colours are shares of the largest score, in three steps on either side", () => {
  const heats = scoreHeats([1, 0.5, 0.1, -0.8, 0.01]);
  assert.deepEqual(heats.map((heat) => heat === null ? null : `${heat.scale} ${heat.step}`), [
    "attribution 3",
    "attribution 2",
    "attribution 1",
    "against 3",
    null,
  ]);
  assert.deepEqual(scoreHeats([0, 0]), [null, null]);
});

Deno.test("tokens of a segment have its score; the list has the segments, strongest first", () => {
  const result = attributionAnswer([0.1, 0.2, -0.9], {
    segments: [{ from: 0, to: 2, text: "<0><1>", score: 0.3 }, { from: 2, to: 3, text: "<2>", score: -0.9 }],
  });
  assert.deepEqual(spreadScores(result), [0.3, 0.3, -0.9]);
  const rows = rankContributors(result);
  assert.deepEqual(rows.map(({ score }) => score), ["−0.90", "+0.30"]);
  assert.equal(rows[0]!.share, -1);
  assert.equal(rows[1]!.rendering.spoken, "<0> <1>");
});

Deno.test("the legend names A and B only where there is a B", () => {
  const root = readRoot(1, 1, 2);
  const subject = { place: root, id: 5, end: null, rival: 6 };
  const query = {
    ...{ subject, choice: FIRST_CHOICE, modelKey: null },
    ...{ faithfulness: true, comparison: false, remove: [] },
  };
  const contrast = attributionAnswer([1, -1]).target;
  const legend = attributionLegend({ query, result: attributionAnswer([1, -1], { contrast }) });
  assert.deepEqual([legend.from, legend.to, legend.steps.length], ["for B", "for A", 6]);
  const alone = { ...query, subject: { ...subject, rival: null } };
  assert.equal(attributionLegend({ query: alone, result: attributionAnswer([1, -1]) }).to, "for");
  assert.equal(attributionLegend({ query: alone, result: attributionAnswer([1, 0]) }).steps.length, 3);
});
