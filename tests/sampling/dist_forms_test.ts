// However a distribution is held, it says the same to the last digit.
import assert from "node:assert/strict";
import fc from "fast-check";
import { keepOnly, withLogits } from "../../lib/sampling/adjust.ts";
import {
  countMass,
  type Dist,
  distOf,
  distOfOwned,
  draw,
  rankInDist,
  rankOf,
} from "../../lib/sampling/dist.ts";
import { topIds } from "../../lib/sampling/order.ts";
import { bestIds, isLeft, listIdsDownTo, logitOf, probOf } from "../../lib/sampling/dist_forms.ts";
import { listIdsAtLeast } from "../../lib/sampling/order.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";
import { temperature } from "../../lib/sampling/stages/temperature.ts";

/** Few different values, so that there are ties; now and then none at all. In singles, as a model has them, or not. */
const anyLogits = fc.tuple(
  fc.boolean(),
  fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -40, max: 9, noNaN: true })), {
    minLength: 2,
    maxLength: 400,
  }),
).map(([single, logits]) => single ? Float32Array.from(logits) : Float64Array.from(logits));
const anyUnit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** What is read of a distribution is what its arrays say. */
function checkReadings(dist: Dist, u: number): void {
  const { probs, logits } = dist;
  for (let id = 0; id < dist.size; id++) {
    assert.equal(probOf(dist, id), probs[id], `p of ${id}`);
    assert.equal(isLeft(dist, id), logits[id]! > -Infinity, `${id} is left`);
    assert.equal(logitOf(dist, id), logits[id], `logit of ${id}`);
    assert.equal(rankInDist(dist, id), rankOf(logits, id), `rank of ${id}`);
  }
  assert.equal(probOf(dist, dist.size), 0);
  assert.equal(dist.kept, logits.filter((logit) => logit > -Infinity).length);
  for (const k of [0, 1, 50, 128, 129, 1000]) {
    assert.deepEqual(bestIds(dist, k), topIds(probs, k), `best ${k}`);
  }
  assert.equal(draw(dist, u), draw(probs, u));
  for (const share of [0, u, 0.9, 1]) assert.equal(countMass(dist, share), countMass(probs, share));
}

Deno.test("what is made when it is asked for is what is made at once, whatever is asked first", () => {
  fc.assert(fc.property(anyLogits, anyUnit, fc.nat(399), (logits, u, id) => {
    const at = id % logits.length;
    const whole = distOfOwned(Float64Array.from(logits));
    const asked: ((dist: Dist) => unknown)[] = [
      (dist) => probOf(dist, at),
      ({ logZ }) => logZ,
      ({ entropyBits }) => entropyBits,
      ({ best }) => best,
      ({ probs }) => probs,
    ];
    for (const ask of asked) assert.deepEqual(ask(distOf(logits)), ask(whole));
    checkReadings(distOf(logits), u);
    checkReadings(whole, u);
  }));
});

Deno.test("few tokens, and new logits over later probabilities, read as their arrays do", () => {
  fc.assert(fc.property(anyLogits, anyUnit, fc.nat(399), anyUnit, (logits, u, id, share) => {
    const changes = new Map([[id, 3.5], [0, -1]]);
    const changed = (later: boolean) => {
      const dist = distOf(logits);
      if (!later) assert.ok(dist.probs.length > 0); // made before
      return withLogits(dist, changes.keys(), (_, id) => changes.get(id)!);
    };
    const [whole, later] = [changed(false), changed(true)];
    assert.deepEqual([later.probs, later.logits], [whole.probs, whole.logits]);
    checkReadings(changed(true), u);
    const keeps = (one: number) => one === id % logits.length || (one * 0.618) % 1 < share;
    const few = keepOnly(later, keeps);
    checkReadings(few, u);
    assert.deepEqual(few.probs, keepOnly(whole, keeps).probs);
    checkReadings(keepOnly(few, (one) => one === id % logits.length), u);
  }));
});

/** New logits for a few tokens: each is divided, as a repeated token's is. */
const anyLowered = fc.array(fc.nat(399), { maxLength: 30 }).map((ids) => [...new Set(ids)]);

Deno.test("penalties and temperatures one after the other read as arrays made of each", () => {
  const anyTemperature = fc.constantFrom(0.1, 0.7, 1, 1.3);
  const anySteps = fc.array(fc.oneof(anyLowered, anyTemperature), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(anyLogits, anySteps, anyUnit, (logits, steps, u) => {
    const some = logits.map((logit, id) => id % 7 === 3 ? -Infinity : logit);
    let [wanted, dist] = [Float64Array.from(some), distOf(some)];
    for (const step of steps) {
      if (typeof step === "number") {
        dist = temperature(dist, step);
        wanted = wanted.map((logit) => logit / step);
      } else {
        dist = withLogits(dist, step, (logit, id) => logit - 0.5 - id % 3);
        for (const id of step) wanted[id]! -= 0.5 + id % 3;
      }
    }
    const fresh = distOf(wanted);
    const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
    assert.ok(dist.logits.every((logit, id) => logit === wanted[id] || near(logit, wanted[id]!)));
    assert.ok(dist.probs.every((p, id) => near(p, fresh.probs[id]!)));
    assert.ok(near(dist.entropyBits, fresh.entropyBits) && near(dist.logZ, fresh.logZ));
    checkReadings(dist, u);
  }));
});

Deno.test("the first tokens are those of all where only rounding tells their probabilities apart", () => {
  for (let seed = 0; seed < 40; seed++) {
    const tied = Float32Array.from({ length: 300 }, (_, id) => uniformAt(seed, id) < 0.3 ? 0.1 : 0.3);
    const close = Float32Array.from(tied, (_, id) => 1e-30 * uniformAt(seed, id));
    for (const logits of [tied, close]) {
      const seen = Int32Array.from({ length: 60 }, (_, at) => 300 * uniformAt(seed + 50, at));
      const lowered = withLogits(distOf(logits), new Set(seen), (logit) => logit === 0.1 ? logit : logit / 3);
      const again = withLogits(lowered, new Set(seen.subarray(30)), (logit) => 3 * logit);
      for (const dist of [lowered, again]) checkReadings(dist, uniformAt(seed, 301));
    }
  }
});

Deno.test("the tokens down to a probability are those of all, in their order", () => {
  fc.assert(fc.property(anyLogits, fc.nat(399), (logits, id) => {
    const dist = distOf(logits);
    for (const floor of [0, dist.probs[id % logits.length]!, 0.01, 0.5, 1]) {
      assert.deepEqual(listIdsDownTo(dist, floor), listIdsAtLeast(dist.probs, floor), `from ${floor}`);
    }
  }));
});
