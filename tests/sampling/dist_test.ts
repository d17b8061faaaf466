import assert from "node:assert/strict";
import fc from "fast-check";
import { distOf, draw, entropyBits, massCount, rankOf, softmax, topIds } from "../../lib/sampling/dist.ts";
import { idsAtLeast } from "../../lib/sampling/order.ts";

const sorted = (values: ArrayLike<number>) =>
  Array.from(values, (_, id) => id).sort((a, b) => values[b]! - values[a]! || a - b);

Deno.test("softmax: temperatures, ties, masked and impossible logits", () => {
  const p = softmax(Float32Array.of(2, 1, 1, -Infinity), 0.5);
  const weights = [1, Math.exp(-2), Math.exp(-2), 0];
  const sum = weights[0]! + weights[1]! + weights[2]!;
  weights.forEach((w, id) => assert.ok(Math.abs(p[id]! - w / sum) < 1e-15));
  assert.deepEqual([...softmax(Float32Array.of(1, 3, 3), 0)], [0, 1, 0]);
  assert.deepEqual([...softmax(Float64Array.of(1e4, -1e4), 1)], [1, 0]);
  assert.throws(() => softmax(Float32Array.of(1, NaN)), /token 1 but found NaN/);
  assert.throws(() => softmax(Float32Array.of(1, Infinity)), /found Infinity/);
  assert.throws(() => softmax(Float32Array.of(-Infinity, -Infinity)), /found none among 2/);
});

Deno.test("topIds equals a full sort for every k, with ties, negative numbers and large sizes", () => {
  const value = fc.oneof(
    fc.integer({ min: -4, max: 4 }),
    fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
    fc.constant(-Infinity),
  );
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(70), (list, k) => {
    assert.deepEqual([...topIds(Float64Array.from(list), k)], sorted(list).slice(0, k));
  }));
  for (const size of [5000, 60000]) {
    const values = Float64Array.from(
      { length: size },
      (_, id) => Math.round(Math.sin(id * 12.9898) * 1e4) / (id % 3 ? 1 : 7),
    );
    for (const k of [1, 40, 700, 5000, size]) {
      assert.deepEqual(topIds(values, k), Int32Array.from(sorted(values).slice(0, k)));
    }
    const floor = 3000;
    assert.deepEqual([...idsAtLeast(values, floor)], sorted(values).filter((id) => values[id]! >= floor));
  }
});

Deno.test("draw takes the first token whose cumulative sum passes u, the walk never takes probability 0", () => {
  const probs = Float64Array.of(0.25, 0, 0.25, 0.5);
  assert.deepEqual([0, 0.49, 0.5, 0.74, 0.75, 1 - 2 ** -53].map((u) => draw(probs, u)), [3, 3, 0, 0, 2, 2]);
  assert.throws(() => draw(probs, 1), RangeError);
  assert.throws(() => draw(probs, NaN), RangeError);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 2000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (logits, u) => {
        const p = softmax(Float64Array.from(logits));
        let sum = 0;
        const expected = sorted(p).find((id) => (sum += p[id]!) > u);
        if (expected !== undefined) assert.equal(draw(p, u), expected);
      },
    ),
  );
});

Deno.test("entropy, mass and rank", () => {
  assert.equal(entropyBits(Float64Array.of(0.5, 0.25, 0.25, 0)), 1.5);
  assert.equal(massCount(Float64Array.of(0.25, 0.5, 0.25), 0.75), 2);
  assert.equal(massCount(Float64Array.of(0.25, 0.5, 0.25), 0.76), 3);
  assert.equal(massCount(new Float64Array(3000).fill(1 / 3000), 0.5), 1500);
  assert.deepEqual([0, 1, 2].map((id) => rankOf(Float64Array.of(0.25, 0.5, 0.25), id)), [1, 0, 2]);
  assert.throws(() => rankOf(Float64Array.of(1), 1), RangeError);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -800, max: 800, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (logits) => {
        const dist = distOf(Float64Array.from(logits));
        assert.ok(Math.abs(dist.entropyBits - entropyBits(dist.probs)) < 1e-9);
        assert.deepEqual(dist.probs, softmax(Float64Array.from(logits)));
      },
    ),
  );
});
