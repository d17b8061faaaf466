import assert from "node:assert/strict";
import { philox, uniformAt } from "../../lib/sampling/rng.ts";

// Known answers published with Random123 (kat_vectors, philox4x32 10).
Deno.test("philox gives Random123's known answers", () => {
  assert.deepEqual(philox([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = 0xffffffff;
  assert.deepEqual(philox([ones, ones, ones, ones], [ones, ones]), [
    0x408f276d,
    0x41c83b0e,
    0xa20bc7c6,
    0x6d5451fd,
  ]);
  assert.deepEqual(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]), [
    0xd16cfe09,
    0x94fdcceb,
    0x5001e420,
    0x24126ea1,
  ]);
});

Deno.test("u depends on seed, position and purpose, and is spread evenly", () => {
  assert.equal(uniformAt(7, 3), uniformAt(7, 3));
  const others = [
    uniformAt(8, 3),
    uniformAt(7, 4),
    uniformAt(7, 3, "xtc"),
    uniformAt(-7, 3),
    uniformAt(7 + 2 ** 40, 3),
  ];
  assert.equal(new Set([uniformAt(7, 3), ...others]).size, 6);
  const bins = new Array<number>(10).fill(0);
  for (let position = 0; position < 20000; position++) {
    const u = uniformAt(42, position);
    assert.ok(u >= 0 && u < 1);
    bins[Math.floor(u * 10)]!++;
  }
  // Chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand seeds; this seed is fixed.
  assert.ok(bins.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0) < 27.9);
});

Deno.test("seeds and positions that are no safe integers are refused", () => {
  assert.throws(() => uniformAt(0.5, 0), RangeError);
  assert.throws(() => uniformAt(1, -1), RangeError);
  assert.throws(() => uniformAt(2 ** 60, 0), RangeError);
});
