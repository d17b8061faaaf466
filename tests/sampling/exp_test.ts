import assert from "node:assert/strict";
import { addWeights, expOfNegative } from "../../lib/sampling/exp.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";

Deno.test("the exponential of 0 or less is that of Math, but for its last bits", () => {
  for (let at = 0; at < 200_000; at++) {
    const x = -708 * uniformAt(1, at) ** 3;
    const [own, expected] = [expOfNegative(x), Math.exp(x)];
    assert.ok(Math.abs(own - expected) <= 2 ** -51 * expected, `${x}: ${own}, not ${expected}`);
  }
  assert.deepEqual([0, -0, -1e-300, -746, -Infinity].map(expOfNegative), [1, 1, 1, 0, 0]);
});

Deno.test("weights in a loop are the exponential digit for digit, and their sums those of the weights", () => {
  const values = Float64Array.from({ length: 200_000 }, (_, at) => 3 - 708 * uniformAt(1, at) ** 3);
  values.set([3, 2.999999, -742.9, -743, -Infinity], 100);
  const [start, end, factor] = [7, values.length - 5, 1.25];
  const weights = new Float64Array(values.length);
  const sums = { sum: 0, weighted: 0 };
  addWeights(values, { start, end, largest: 3, factor }, sums, weights);
  let [sum, weighted] = [0, 0];
  values.forEach((value, id) => {
    const x = (value - 3) * factor;
    const weight = id < start || id >= end ? 0 : expOfNegative(x);
    assert.equal(weights[id], weight, `${x}`);
    sum += weight;
    if (weight > 0) weighted -= weight * x;
  });
  assert.deepEqual(sums, { sum, weighted });
});
