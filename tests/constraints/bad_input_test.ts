// Constraints that are broken, huge or made to take forever: each ends, in an answer or in a sentence.
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compileConstraint } from "../../lib/constraints/compile.ts";
import type { ConstraintSource } from "../../lib/constraints/compile.ts";
import { badInputs, many } from "./bad_inputs.ts";
import { readBytes } from "../../lib/constraints/explain/barred.ts";
import { DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";
import { refusedAt } from "../../lib/constraints/ir/refusal.ts";

/** A full garbage collection. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

/** Compiles it and reads a text with it: what it refuses, it refuses in a sentence. */
function tryOut(source: ConstraintSource, limits = DEFAULT_LIMITS): void {
  const compiled = compileConstraint(source, limits);
  if (!compiled.ok) return assert.ok(compiled.error.message.endsWith("."), compiled.error.message);
  const { recogniser } = compiled.constraint;
  try {
    readBytes(recogniser, recogniser.initial, new TextEncoder().encode(many("a", 100)));
  } catch (error) {
    assert.ok(refusedAt(error) !== null, String(error));
  }
}

Deno.test("500 bad inputs in a row end, and leave nothing behind", () => {
  let tried = 0;
  const heap: number[] = [];
  for (let round = 0; tried < 500; round++) {
    for (const source of badInputs(round)) {
      tryOut(source, { ...DEFAULT_LIMITS, milliseconds: 150 });
      tried++;
    }
    collect();
    heap.push(Deno.memoryUsage().heapUsed);
  }
  const growth = heap.at(-1)! - heap[1]!; // the first round also compiles the engine
  assert.ok(growth < 5e6, `the heap grew by ${growth} bytes`);
});

Deno.test("patterns of 100 kB end", () => {
  for (const part of ["abcd", "abc|", "[a-z]+", "a?", ".*", "(?:a|b)?", "\\p{L}x"]) {
    tryOut({ type: "regex", schema: many(part, 100_000 / part.length) });
  }
  tryOut({ type: "cfg", schema: `root ::= "${many("a", 100_000)}"` });
  tryOut({ type: "multiple_choice", schema: many("x", 100_000) });
});
