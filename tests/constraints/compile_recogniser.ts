import assert from "node:assert/strict";
import { compileConstraint, type ConstraintSource } from "../../lib/constraints/compile.ts";
import type { Recogniser } from "../../lib/constraints/engine/recogniser.ts";
import { DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";

/** The recogniser of a constraint that compiles; on a busy machine too, so it may take half a minute. */
export function compileRecogniser(source: ConstraintSource): Recogniser {
  const compiled = compileConstraint(source, { ...DEFAULT_LIMITS, milliseconds: 30_000 });
  assert.ok(compiled.ok, compiled.ok ? "" : compiled.error.message);
  return compiled.constraint.recogniser;
}
