import assert from "node:assert/strict";
import fc from "fast-check";
import {
  HEAT_SCALES,
  heatClass,
  heatLegend,
  heatOf,
  heatStepOf,
  nextHeatOf,
} from "../../../lib/explorer/words/heat.ts";

Deno.test("five equal steps, the last includes 1", () => {
  assert.deepEqual([0, 0.19, 0.2, 0.5, 0.8, 1].map(heatStepOf), [1, 1, 2, 3, 5, 5]);
});

Deno.test("each scale reads its own value", () => {
  const token = { p: 0.25, entropy_bits: 4 };
  assert.deepEqual(heatOf(token, "probability"), { scale: "probability", value: 0.25, step: 2 });
  assert.deepEqual(heatOf(token, "surprise"), { scale: "surprise", value: 0.25, step: 2 });
  assert.deepEqual(heatOf(token, "entropy"), { scale: "entropy", value: 0.5, step: 3 });
  assert.equal(heatOf(token, "off"), null);
  assert.equal(heatClass(heatOf(token, "surprise")), "heat heat-s2");
  assert.equal(heatClass(null), "");
});

Deno.test("what is not known has no colour; impossible tokens are the most surprising", () => {
  for (const scale of ["probability", "surprise", "entropy"] as const) {
    assert.equal(heatOf({ p: null, entropy_bits: null }, scale), null);
    assert.equal(heatOf({}, scale), null);
  }
  assert.deepEqual(heatOf({ p: 0 }, "surprise"), { scale: "surprise", value: 1, step: 5 });
});

Deno.test("values stay within the meter", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 20, noNaN: true }),
      (p, bits) => {
        for (const { value: scale } of HEAT_SCALES) {
          const heat = heatOf({ p, entropy_bits: bits }, scale);
          if (heat === null) continue;
          assert.ok(heat.value >= 0 && heat.value <= 1 && heat.step >= 1 && heat.step <= 5);
        }
      },
    ),
  );
});

Deno.test("the key H goes through all scales; legends are words", () => {
  let scale = HEAT_SCALES[0]!.value;
  const seen = HEAT_SCALES.map(() => scale = nextHeatOf(scale));
  assert.deepEqual([...seen].sort(), HEAT_SCALES.map(({ value }) => value).sort());
  assert.deepEqual([heatLegend("probability")!.from, heatLegend("entropy")!.to], [
    "unlikely",
    "8 bits, open",
  ]);
  assert.equal(heatLegend("off"), null);
});
