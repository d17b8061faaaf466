// Checks of constraints in the test's own thread, where the product has them in the sandbox.
import { checkConstraint } from "../lib/constraints/position/check.ts";
import { ConstraintReader } from "../lib/constraints/position/reader.ts";
import type { ConstraintChecks } from "../lib/engine/constraint_checks.ts";

export function fakeChecks(): ConstraintChecks {
  const reader = new ConstraintReader();
  return {
    check: (input) => Promise.resolve().then(() => checkConstraint(input, reader)),
    close: () => {},
  };
}
