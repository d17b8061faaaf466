// A model whose log-probability is known: each token that is there adds its own share.
import assert from "node:assert/strict";
import {
  completenessError,
  correlateMethods,
  rankCorrelation,
} from "../../../lib/attribution/faithfulness/agreement.ts";
import { compareMethods } from "../../../lib/attribution/faithfulness/compare.ts";
import { measureCurves, type ValueWithout } from "../../../lib/attribution/faithfulness/curves.ts";
import {
  countRemovals,
  drawRandomOrder,
  orderByScore,
} from "../../../lib/attribution/faithfulness/orders.ts";
import { scoreCurves } from "../../../lib/attribution/faithfulness/score.ts";

const SHARES = [0.5, -1, 4, 0, 2, 0.1, 0.2, 0.3, 1, -0.5];

const additive: ValueWithout = (removals) =>
  Promise.resolve(
    removals.map((gone) => SHARES.reduce((sum, share, i) => gone.includes(i) ? sum : sum + share, -9)),
  );

Deno.test("counts: at least one token, never all, none twice", () => {
  assert.deepEqual(countRemovals(10, [0.1, 0.2, 0.5]), [1, 2, 5]);
  assert.deepEqual(countRemovals(3, [0.1, 0.2, 0.9]), [1, 2]);
  assert.deepEqual(countRemovals(2, [0.1, 0.5, 0.9]), [1]);
  assert.throws(() => countRemovals(5, [1]), RangeError);
  assert.throws(() => countRemovals(5, [0]), RangeError);
});

Deno.test("orders: falling scores, ties by place; random ones are permutations that a seed repeats", () => {
  assert.deepEqual(orderByScore([1, 3, 1, -2]), [1, 0, 2, 3]);
  assert.throws(() => orderByScore([1, NaN]), RangeError);
  const order = drawRandomOrder(20, 7, 0);
  assert.deepEqual(order.toSorted((a, b) => a - b), Array.from({ length: 20 }, (_, i) => i));
  assert.deepEqual(drawRandomOrder(20, 7, 0), order);
  assert.notDeepEqual(drawRandomOrder(20, 7, 1), order);
  assert.notDeepEqual(drawRandomOrder(20, 8, 0), order);
});

Deno.test("curves of an additive model are its sums", async () => {
  const [curves] = await measureCurves([SHARES], additive, { fractions: [0.1, 0.3], orders: 2 });
  assert.ok(curves);
  const base = curves.base;
  assert.ok(Math.abs(base - (6.6 - 9)) < 1e-12);
  assert.deepEqual(curves.counts, [1, 3]);
  assertClose(curves.mostFirst, [base - 4, base - 7]);
  assertClose(curves.leastFirst, [base + 1, base + 1.5]);
  assert.equal(curves.random.length, 2);
});

Deno.test("shared removals are asked for once", async () => {
  let asked = 0;
  const counting: ValueWithout = (removals) => {
    asked = removals.length;
    assert.equal(new Set(removals.map((gone) => gone.join())).size, removals.length);
    return additive(removals);
  };
  await measureCurves([SHARES, SHARES.map((share) => 2 * share)], counting, { orders: 3 });
  assert.ok(asked <= 1 + 3 * 3 + 2 * 3, `${asked} removals`);
});

Deno.test("true scores are faithful, their opposites misleading, by the area between the curves", async () => {
  const opposite = SHARES.map((share) => -share);
  const comparison = await compareMethods(
    new Map([["opposite", opposite], ["true", SHARES]]),
    additive,
    { orders: 20 },
  );
  const [best, worst] = comparison.methods;
  assert.equal(best?.method, "true");
  assert.equal(worst?.method, "opposite");
  // Counts 1, 2, 5: drops 4, 6, 7.8 (most first) and -1, -1.5, -1.2 (least first), trapezoids over 5 tokens.
  const most = (4 / 2 + (4 + 6) / 2 + 3 * (6 + 7.8) / 2) / 5;
  const least = (-1 / 2 + (-1 - 1.5) / 2 + 3 * (-1.5 - 1.2) / 2) / 5;
  assertClose([best!.score, worst!.score], [most - least, least - most]);
  assertClose([best!.deletion + best!.insertion], [best!.score]);
  assert.equal(best!.verdict, "faithful");
  assert.equal(worst!.verdict, "misleading");
  assert.match(best!.explanation, /highest-scored tokens lowers .* by 6\.70 more/);
  assert.match(worst!.explanation, /lowest-scored tokens lowers/);
  assert.deepEqual(comparison.agreement.map((row) => row.map((value) => Math.round(value! * 1e9) / 1e9)), [
    [1, -1],
    [-1, 1],
  ]);
});

Deno.test("a random order is unclear", async () => {
  const scores = drawRandomOrder(SHARES.length, 99, 5);
  const [curves] = await measureCurves([scores], additive, { orders: 20 });
  assert.equal(scoreCurves(curves!).verdict, "unclear");
});

Deno.test("what cannot be measured is refused", async () => {
  await assert.rejects(() => measureCurves([[1]], additive), RangeError);
  await assert.rejects(() => measureCurves([[1, 2], [1]], additive), RangeError);
  await assert.rejects(() => measureCurves([[1, 2]], () => Promise.resolve([NaN])), RangeError);
  const [curves] = await measureCurves([SHARES], additive, { orders: 1 });
  assert.throws(() => scoreCurves(curves!), RangeError);
});

Deno.test("rank correlation is Spearman's", () => {
  assert.equal(rankCorrelation([1, 2, 3], [10, 20, 90]), 1);
  assert.equal(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
  // Ranks 0, 1.5, 1.5, 3 and 3, 0, 2, 1: sums of products -3, 4.5 and 5 about the mean.
  assert.ok(Math.abs(rankCorrelation([1, 2, 2, 4], [4, 1, 3, 2])! + 3 / Math.sqrt(22.5)) < 1e-12);
  assert.equal(rankCorrelation([1, 1], [1, 2]), null);
  assert.throws(() => rankCorrelation([1], [1, 2]), RangeError);
  assert.deepEqual(correlateMethods([[1, 2], [2, 1]]), [[1, -1], [-1, 1]]);
});

Deno.test("the completeness error has captum's sign", () => {
  assert.deepEqual(completenessError([1, 2], 4), { delta: -1, relative: 0.25 });
  assert.equal(completenessError([1], 0).relative, null);
});

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < 1e-9, `${value} is not ${expected[i]}`)
  );
}
