import assert from "node:assert/strict";
import fc from "fast-check";
import { countMass, distOf, draw, rankOf } from "../../lib/sampling/dist.ts";
import { listIdsAtLeast, topIds } from "../../lib/sampling/order.ts";
import { entropyBits, softmax } from "./plain.ts";

const sorted = (values: ArrayLike<number>) =>
  Array.from(values, (_, id) => id).sort((a, b) => values[b]! - values[a]! || a - b);

Deno.test("a distribution of ties, masked and impossible logits", () => {
  const { probs, kept } = distOf(Float32Array.of(2, 1, 1, -Infinity));
  const weights = [1, Math.exp(-1), Math.exp(-1), 0];
  const sum = weights[0]! + weights[1]! + weights[2]!;
  weights.forEach((w, id) => assert.ok(Math.abs(probs[id]! - w / sum) < 1e-15));
  assert.equal(kept, 3);
  assert.deepEqual([...distOf(Float64Array.of(1e4, -1e4)).probs], [1, 0]);
  assert.throws(() => distOf(Float32Array.of(1, NaN)), /token 1 but found NaN/);
  assert.throws(() => distOf(Float32Array.of(1, Infinity)), /found Infinity/);
  assert.throws(() => distOf(Float32Array.of(-Infinity, -Infinity)), /found none among 2/);
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
    assert.deepEqual([...listIdsAtLeast(values, floor)], sorted(values).filter((id) => values[id]! >= floor));
  }
});

Deno.test("topIds is right where the values that a sample looks at are no picture of the others", () => {
  const size = 2048 * 24;
  const likeness: Record<string, (id: number) => number> = {
    "all equal": () => 1,
    "nearly all impossible": (id) => id % 500 === 3 ? id % 7 : -Infinity,
    "only sampled ones large": (id) => id % 24 === 0 ? 50 - id % 13 : id % 11,
    "no sampled one large": (id) => id % 24 === 0 ? -5 : id % 101,
    "rising": (id) => id,
    "falling": (id) => -id,
  };
  for (const [name, valueOf] of Object.entries(likeness)) {
    const values = Float32Array.from({ length: size }, (_, id) => valueOf(id));
    for (const k of [1, 50, 128, 400]) {
      assert.deepEqual([...topIds(values, k)], sorted(values).slice(0, k), `${name}, ${k}`);
    }
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
        const p = distOf(Float64Array.from(logits)).probs;
        let sum = 0;
        const expected = sorted(p).find((id) => (sum += p[id]!) > u);
        if (expected !== undefined) assert.equal(draw(p, u), expected);
      },
    ),
  );
});

Deno.test("entropy, mass and rank", () => {
  assert.equal(distOf(Float64Array.of(Math.LN2, 0, 0, -Infinity)).entropyBits, 1.5);
  assert.equal(countMass(Float64Array.of(0.25, 0.5, 0.25), 0.75), 2);
  assert.equal(countMass(Float64Array.of(0.25, 0.5, 0.25), 0.76), 3);
  assert.equal(countMass(new Float64Array(3000).fill(1 / 3000), 0.5), 1500);
  assert.deepEqual([0, 1, 2].map((id) => rankOf(Float64Array.of(0.25, 0.5, 0.25), id)), [1, 0, 2]);
  assert.throws(() => rankOf(Float64Array.of(1), 1), RangeError);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -800, max: 800, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (logits) => {
        const dist = distOf(Float64Array.from(logits));
        assert.ok(Math.abs(dist.entropyBits - entropyBits(dist.probs)) < 1e-9);
        softmax(logits).forEach((p, id) => assert.ok(Math.abs(dist.probs[id]! - p) <= 1e-15));
      },
    ),
  );
});
