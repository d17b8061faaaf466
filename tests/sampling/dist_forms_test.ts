// However a distribution is held, it says the same to the last digit.
import assert from "node:assert/strict";
import fc from "fast-check";
import { keepOnly, withLogits } from "../../lib/sampling/adjust.ts";
import { type Dist, distOf, draw, massCount, topIds } from "../../lib/sampling/dist.ts";
import { bestIds, isLeft, probOf } from "../../lib/sampling/dist_forms.ts";

/** Few different values, so that there are ties; now and then none at all. */
const anyLogits = fc.array(
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -40, max: 9, noNaN: true })),
  {
    minLength: 2,
    maxLength: 400,
  },
).map((logits) => Float64Array.from(logits));
const anyUnit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** What is read of a distribution is what its arrays say. */
function checkReadings(dist: Dist, u: number): void {
  const { probs, logits } = dist;
  for (let id = 0; id < dist.size; id++) {
    assert.equal(probOf(dist, id), probs[id], `p of ${id}`);
    assert.equal(isLeft(dist, id), logits[id]! > -Infinity, `${id} is left`);
  }
  assert.equal(probOf(dist, dist.size), 0);
  assert.equal(dist.kept, logits.filter((logit) => logit > -Infinity).length);
  for (const k of [0, 1, 50, 128, 129, 1000]) {
    assert.deepEqual(bestIds(dist, k), topIds(probs, k), `best ${k}`);
  }
  assert.equal(draw(dist, u), draw(probs, u));
  for (const share of [0, u, 0.9, 1]) assert.equal(massCount(dist, share), massCount(probs, share));
}

Deno.test("what is made when it is asked for is what is made at once, whatever is asked first", () => {
  fc.assert(fc.property(anyLogits, anyUnit, fc.nat(399), (logits, u, id) => {
    const at = id % logits.length;
    const whole = distOf(logits);
    const asked: ((dist: Dist) => unknown)[] = [
      (dist) => probOf(dist, at),
      ({ logZ }) => logZ,
      ({ entropyBits }) => entropyBits,
      ({ best }) => best,
      ({ probs }) => probs,
    ];
    for (const ask of asked) assert.deepEqual(ask(distOf(logits, { later: true })), ask(whole));
    checkReadings(distOf(logits, { later: true }), u);
    checkReadings(whole, u);
  }));
});

Deno.test("few tokens, and new logits over later probabilities, read as their arrays do", () => {
  fc.assert(fc.property(anyLogits, anyUnit, fc.nat(399), anyUnit, (logits, u, id, share) => {
    const changes = new Map([[id, 3.5], [0, -1]]);
    const [whole, later] = [false, true].map((later) => withLogits(distOf(logits, { later }), changes));
    assert.deepEqual([later!.probs, later!.logits], [whole!.probs, whole!.logits]);
    checkReadings(withLogits(distOf(logits, { later: true }), changes), u);
    const keeps = (one: number) => one === id % logits.length || (one * 0.618) % 1 < share;
    const few = keepOnly(later!, keeps);
    checkReadings(few, u);
    assert.deepEqual(few.probs, keepOnly(whole!, keeps).probs);
    checkReadings(keepOnly(few, (one) => one === id % logits.length), u);
  }));
});
