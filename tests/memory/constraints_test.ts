// What bad constraints leave behind: the reader keeps a few of them, and nothing of the others.
import assert from "node:assert/strict";
import { checkConstraint } from "../../lib/constraints/position/check.ts";
import { ConstraintReader } from "../../lib/constraints/position/reader.ts";
import { DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";
import { refusalPlaceOf } from "../../lib/constraints/ir/refusal.ts";
import { badInputs } from "../constraints/bad_inputs.ts";
import { sharedBundled } from "../constraints/vocabularies.ts";
import { collector } from "../runners/native_fixture.ts";

const INPUTS = 500;
const KEPT_BYTES = 2e6; // the product keeps more, which 500 inputs would hardly fill
const LARGEST_GROWTH = 8e6; // bytes: less than one constraint at its limits

Deno.test("500 bad constraints in a row, checked and masked, leave no memory behind", () => {
  const collect = collector();
  const vocabulary = sharedBundled();
  const limits = { ...DEFAULT_LIMITS, milliseconds: 150 };
  const reader = new ConstraintReader(limits, () => performance.now(), KEPT_BYTES);
  const used: number[] = [];
  let tried = 0;
  for (let round = 0; tried < INPUTS; round++) {
    for (const constraint of badInputs(round)) {
      const { ok, error } = checkConstraint({ ...constraint, text: "a".repeat(100) }, reader);
      assert.ok(ok || error!.message.endsWith("."), error?.message);
      try {
        reader.position({ vocabulary, constraint, ids: [] });
      } catch (error) {
        assert.ok(refusalPlaceOf(error) !== null, String(error));
      }
      tried++;
    }
    for (const schema of ["a", "b", "c", "d"]) { // the kept ones are the same after each round
      reader.position({ vocabulary, constraint: { type: "regex", schema }, ids: [] });
    }
    collect();
    used.push(Deno.memoryUsage().heapUsed);
  }
  console.log(`Heap in MB after each round: ${used.map((bytes) => (bytes / 1e6).toFixed(1)).join(" ")}`);
  assert.ok(used.at(-1)! - used[2]! < LARGEST_GROWTH, "memory is flat");
});
