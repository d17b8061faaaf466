import assert from "node:assert/strict";
import { expOfNegative } from "../../lib/sampling/exp.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";

Deno.test("the exponential of 0 or less is that of Math, but for its last bits", () => {
  for (let at = 0; at < 200_000; at++) {
    const x = -708 * uniformAt(1, at) ** 3;
    const [own, expected] = [expOfNegative(x), Math.exp(x)];
    assert.ok(Math.abs(own - expected) <= 2 ** -51 * expected, `${x}: ${own}, not ${expected}`);
  }
  assert.deepEqual([0, -0, -1e-300, -746, -Infinity].map(expOfNegative), [1, 1, 1, 0, 0]);
});
