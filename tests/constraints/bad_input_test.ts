// Constraints that are broken, huge or made to take forever: each ends, in an answer or in a sentence.
import assert from "node:assert/strict";
import { compileConstraint } from "../../lib/constraints/compile.ts";
import type { ConstraintSource } from "../../lib/constraints/compile.ts";
import { badInputs, many } from "./bad_inputs.ts";
import { readBytes } from "../../lib/constraints/explain/barred.ts";
import { DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";
import { refusalPlaceOf } from "../../lib/constraints/ir/refusal.ts";

/** Compiles it and reads a text with it: what it refuses, it refuses in a sentence. */
function tryOut(source: ConstraintSource, limits = DEFAULT_LIMITS): void {
  const compiled = compileConstraint(source, limits);
  if (!compiled.ok) return assert.ok(compiled.error.message.endsWith("."), compiled.error.message);
  const { recogniser } = compiled.constraint;
  try {
    readBytes(recogniser, recogniser.initial, new TextEncoder().encode(many("a", 100)));
  } catch (error) {
    assert.ok(refusalPlaceOf(error) !== null, String(error));
  }
}

Deno.test("every bad input ends", () => { // 500 in a row, and what they leave behind: tests/memory
  for (const source of badInputs(0)) tryOut(source, { ...DEFAULT_LIMITS, milliseconds: 150 });
});

Deno.test("patterns of 100 kB end", () => {
  for (const part of ["abcd", "abc|", "[a-z]+", "a?", ".*", "(?:a|b)?", "\\p{L}x"]) {
    tryOut({ type: "regex", schema: many(part, 100_000 / part.length) });
  }
  tryOut({ type: "cfg", schema: `root ::= "${many("a", 100_000)}"` });
  tryOut({ type: "multiple_choice", schema: many("x", 100_000) });
});

Deno.test("a sentence that quotes a name of 100 kB is short", () => {
  const name = many("x", 100_000);
  for (const schema of [name, `${name} ::= "a"\n${name} ::= "b"`, `root ::= ${name}`]) {
    const compiled = compileConstraint({ type: "cfg", schema });
    assert.ok(!compiled.ok && compiled.error.message.length <= 2000);
  }
});
