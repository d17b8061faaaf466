import assert from "node:assert/strict";
import {
  headGridOf,
  listStrongestParts,
  partGridOf,
  sumText,
} from "../../../lib/explorer/attribution/grid_view.ts";
import { lensView } from "../../../lib/explorer/attribution/lens_view.ts";
import { drawCurves } from "../../../lib/explorer/attribution/curve_view.ts";
import { trustView } from "../../../lib/explorer/attribution/trust_view.ts";
import { suggestMethod } from "../../../lib/explorer/attribution/guidance.ts";
import { attributionAnswer, FAITHFUL, HEADS, LENS, PARTS } from "./answers.ts";

Deno.test("the grid of parts has every part of every layer under its column, and the embedding above", () => {
  const grid = partGridOf(PARTS, { kind: "mlp", layer: 1, head: null });
  assert.deepEqual(grid.columns, ["0", "1", "MLP"]);
  assert.deepEqual(grid.rows.map(({ name, cells }) => [name, cells.length]), [["Emb", 1], ["0", 3], [
    "1",
    3,
  ]]);
  const last = grid.rows[2]!.cells[2]!;
  assert.equal(last.label, "layer 1 MLP: +4.00");
  assert.ok(last.chosen);
  assert.equal(last.heat?.step, 3);
  assert.equal(grid.rows[1]!.cells[1]!.heat?.scale, "against");
});

Deno.test("the strongest parts by size, and what all of them add up to", () => {
  const rows = listStrongestParts(PARTS);
  assert.equal(rows[0]!.rendering.spoken, "layer 1 MLP");
  assert.equal(rows[1]!.score, "−2.00");
  const result = attributionAnswer([], { parts: PARTS, total: 4.25, constant: 0.25, unexplained: 0.00001 });
  assert.match(sumText(result), /constant of 0\.25 add up to the logit, 4\.250; nothing is left over/);
  assert.match(sumText({ ...result, unexplained: 0.31 }), /0\.310 is left over/);
});

Deno.test("the grid of heads says where each head looks most; -1 is the last layer", () => {
  const grid = headGridOf(attributionAnswer([0.5, 0.5], { heads: HEADS }), { layer: -1, head: 1 });
  assert.equal(grid.rows[1]!.cells[1]!.chosen, true);
  assert.equal(grid.rows[0]!.cells[0]!.label, "layer 0 head 0 looks most at <1>, 90.0 %");
});

Deno.test("the lens tells from where on the token is first, and its best rank before", () => {
  const view = lensView(attributionAnswer([], { lens: LENS }))!;
  assert.equal(view.sentence, "“<5>” is first from after layer 1 on; its best rank before is 4.");
  assert.deepEqual(view.rows.map(({ layer }) => layer), ["before", "0", "1"]);
  assert.equal(view.rows[1]!.ranks[0]!.rank, "4");
  assert.equal(view.pictures[0]!.lines.length, 1);
  assert.equal(view.rows[1]!.ranks.length, 1, "the second token is none of A and B");
  const rival = lensView(attributionAnswer([], { lens: LENS, contrast: attributionAnswer([]).target }))!;
  assert.equal(rival.pictures[1]!.lines.length, 2);
  const never = LENS.map((layer) => ({
    ...layer,
    tokens: layer.tokens.map((each) => ({ ...each, rank: 7 })),
  }));
  assert.match(
    lensView(attributionAnswer([], { lens: never }))!.sentence,
    /not first at the end; its best rank is 8/,
  );
  assert.equal(lensView(attributionAnswer([1])), null);
});

Deno.test("curves begin at nothing removed and end at the largest count", () => {
  const lines = drawCurves(FAITHFUL);
  assert.equal(lines.most.split(" ").length, 4);
  assert.match(lines.most, /^0\.0,/);
  assert.match(lines.falls, /by 2\.50 with the highest scores first, by 0\.70 with the lowest/);
});

Deno.test("what did not converge is not to be trusted, with the delta", () => {
  const unsure = { completeness_delta: -0.9, completeness_error: 0.4, trusted: false, evaluations: 400 };
  const view = trustView(attributionAnswer([1], unsure));
  assert.match(view.warnings.join(), /Do not trust this picture/);
  assert.match(
    view.sentences.join(),
    /by −0\.90, 40\.0 % of the change from the baseline after 400 gradients/,
  );
  assert.deepEqual(trustView(attributionAnswer([1], { ...unsure, trusted: true })).warnings, []);
});

Deno.test("occlusion is suggested up to 40 tokens, attention of the last layer behind that", () => {
  assert.equal(suggestMethod(40).change.method, "occlusion");
  assert.deepEqual(suggestMethod(41).change, { method: "attention", layer: -1, head: null });
});
