// Every rule against finite differences, on random shapes, with broadcasting.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RULES } from "../../../lib/attribution/autodiff/rules/table.ts";
import { ARRANGEMENT_CASES } from "./arrangement_cases.ts";
import { ELEMENTWISE_CASES } from "./elementwise_cases.ts";
import { KERNEL_CASES } from "./kernel_cases.ts";
import { REDUCTION_CASES } from "./reduction_cases.ts";

const CASES = { ...ELEMENTWISE_CASES, ...REDUCTION_CASES, ...ARRANGEMENT_CASES, ...KERNEL_CASES };
const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
const seeds = fc.integer({ min: 1, max: 1e6 });

Deno.test("every rule has a case here", () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(RULES).sort());
});

for (const [type, check] of Object.entries(CASES)) {
  Deno.test(`rule of ${type}: gradients are those of finite differences on random shapes`, async () => {
    await fc.assert(fc.asyncProperty(shapes, seeds, check), { numRuns: 15 });
  });
}
