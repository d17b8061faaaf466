import assert from "node:assert/strict";
import fc from "fast-check";
import { withLogits } from "../../lib/sampling/adjust.ts";
import { distOf } from "../../lib/sampling/dist.ts";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";

const anyLogit = fc.oneof(
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.double({ min: -3, max: 3, noNaN: true }),
);
/** Relative, or absolute in multiples of the smallest that a double keeps beside 1. */
const near = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(b), 1e-3), `${what}: ${a} and ${b}`);

Deno.test("new logits for some tokens give what all logits give, however much they take or add", () => {
  fc.assert(
    fc.property(
      fc.array(anyLogit, { minLength: 2, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(60), anyLogit), { maxLength: 12 }),
      (logits, changes) => {
        const others = new Map(changes);
        const changed = withLogits(
          distOf(Float64Array.from(logits)),
          others.keys(),
          (_, id) => others.get(id)!,
        );
        const wanted = Float64Array.from(logits);
        for (const [id, logit] of changes) if (id < wanted.length) wanted[id] = logit;
        const fresh = distOf(wanted);
        assert.deepEqual(changed.logits, wanted);
        near(changed.logZ, fresh.logZ, "logZ");
        near(changed.entropyBits, fresh.entropyBits, "entropy");
        changed.probs.forEach((p, id) => near(p, fresh.probs[id]!, `p of ${id}`));
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("of what is removed nine digits are right, however little it is", () => {
  for (let gap = 1; gap < 700; gap *= 1.3) {
    const logits = Float64Array.of(0, -gap, -gap);
    const { stages } = runPipeline(logits, [], 0, { ...NEUTRAL_PARAMS, top_k: 1 });
    const wanted = 2 * Math.exp(-gap) / (1 + 2 * Math.exp(-gap));
    const { removedMass } = stages[0]!;
    assert.ok(Math.abs(removedMass - wanted) <= 1e-9 * wanted, `${gap}: ${removedMass}, not ${wanted}`);
  }
});

Deno.test("of what is removed beside very many nine digits are right as well", () => {
  for (const few of [1, 7, 70, 700, 70_000]) {
    const logits = Float32Array.from(
      { length: 150_000 },
      (_, id) => id < few ? -3 : Math.fround(Math.sin(id * 12.9898)),
    );
    const { stages } = runPipeline(logits, [], 0, { ...NEUTRAL_PARAMS, min_p: 0.03 });
    const { removed, removedMass } = stages[0]!;
    assert.equal(removed, few);
    const weights = [...logits].map((logit) => Math.exp(logit - 1)).sort((a, b) => a - b);
    const wanted = few * Math.exp(-4) / weights.reduce((sum, weight) => sum + weight);
    assert.ok(Math.abs(removedMass - wanted) <= 1e-9 * wanted, `${few}: ${removedMass}, not ${wanted}`);
  }
});
