import assert from "node:assert/strict";
import { crossingOf } from "../../lib/sampling/crossing.ts";
import { withLogits } from "../../lib/sampling/adjust.ts";
import { countMass, distOf, draw } from "../../lib/sampling/dist.ts";
import { listRisingDownTo } from "../../lib/sampling/dist_forms.ts";
import { listRisingIds } from "../../lib/sampling/order.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";

/** Probabilities of very many tokens: flat ones, peaked ones, ones with ties, and some that are 0. */
const CASES: Readonly<Record<string, (id: number) => number>> = {
  flat: (id) => uniformAt(1, id),
  peaked: (id) => 12 * uniformAt(2, id) ** 8,
  tied: (id) => Math.floor(9 * uniformAt(3, id)),
  equal: () => 0,
  far: (id) => id % 3 === 0 ? -Infinity : -24 * uniformAt(4, id),
};

for (const [name, logitOf] of Object.entries(CASES)) {
  Deno.test(`a running sum passes where a walk over all sorted tokens says: ${name}`, () => {
    const { probs } = distOf(Float64Array.from({ length: 20_000 }, (_, id) => logitOf(id)));
    const order = Array.from(probs, (_, id) => id).sort((a, b) => probs[b]! - probs[a]! || a - b);
    const sums: number[] = [];
    for (const id of order) sums.push((sums.at(-1) ?? 0) + probs[id]!);
    for (const at of [0, 1, 126, 127, 128, 129, 500, 3000, 9000, 13_000]) {
      const limit = sums[at]! - probs[order[at]!]! / 2; // half-way between two sums: no rounding decides
      const expected = { id: order[at]!, count: at + 1 };
      const { id, count, passed } = crossingOf(probs, (sum) => sum > limit);
      assert.deepEqual({ id, count, passed }, { ...expected, passed: true });
      assert.equal(draw(probs, limit), expected.id);
      assert.equal(countMass(probs, limit), expected.count);
    }
  });
}

for (const [name, logitOf] of Object.entries(CASES)) {
  Deno.test(`the same is found where the probabilities are not made yet: ${name}`, () => {
    const logits = Float32Array.from({ length: 40_000 }, (_, id) => logitOf(id));
    const biased = (id: number) => Math.max(-9, logits[id]!) + 3 * Math.sin(id);
    const changed = Array.from({ length: 90 }, (_, at) => 3 * at).filter((id) => logits[id]! > -Infinity);
    const made = {
      given: () => distOf(logits),
      changed: () => withLogits(distOf(logits), changed, (_logit, id) => biased(id)),
    };
    for (const make of Object.values(made)) {
      const { probs } = make();
      const order = Array.from(probs, (_, id) => id).sort((a, b) => probs[b]! - probs[a]! || a - b);
      const sums: number[] = [];
      for (const id of order) sums.push((sums.at(-1) ?? 0) + probs[id]!);
      for (const at of [100, 129, 500, 1500, 2047, 2048, 2500, 3000, 6000, 13_000]) {
        const p = probs[order[at]!]!;
        const limit = sums[at]! - p / 2;
        const dist = make();
        const { id, count, passed } = crossingOf(dist, (sum) => sum > limit);
        assert.deepEqual({ id, count, passed }, { id: order[at]!, count: at + 1, passed: true });
        assert.deepEqual(listRisingDownTo(dist, p), listRisingIds(probs, p));
      }
    }
  });
}

Deno.test("a sum that never passes ends at the last token of a probability above 0", () => {
  const probs = new Float64Array(1000);
  for (let id = 0; id < 400; id++) probs[2 * id] = 1 / 400;
  const { id, count, passed } = crossingOf(probs, (sum) => sum > 2);
  assert.deepEqual({ id, count, passed }, { id: 798, count: 400, passed: false });
  assert.equal(crossingOf(new Float64Array(3), () => true).id, -1);
});
