import assert from "node:assert/strict";
import { factsOf, noteRow } from "../../lib/vector/row_facts.ts";

Deno.test("a row's largest number, and how many are above -Infinity", () => {
  assert.deepEqual(factsOf(Float32Array.of(1, -Infinity, 3, 2)), { largest: 3, kept: 3 });
  assert.deepEqual(factsOf(Float64Array.of(-1, -2)), { largest: -1, kept: 2 });
  assert.deepEqual(factsOf(Float32Array.of(1, NaN, 3)), { largest: NaN, kept: 1 });
  assert.deepEqual(factsOf(Float32Array.of(1, Infinity)), { largest: Infinity, kept: 2 });
  assert.deepEqual(factsOf(new Float32Array(3).fill(-Infinity)), { largest: -Infinity, kept: 0 });
});

Deno.test("a row that was noted is not looked at again; one that was only asked about is", () => {
  const row = Float32Array.of(1, 2);
  factsOf(row);
  row[0] = 5;
  assert.equal(factsOf(row).largest, 5);
  assert.deepEqual(noteRow(row), { largest: 5, kept: 2 });
  row[0] = 0; // which nobody may do: it shows that nothing was read
  assert.equal(factsOf(row).largest, 5);
});
