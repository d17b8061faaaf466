// Constraints that are broken, huge or made to take forever: each ends, in an answer or in a sentence.
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compileConstraint } from "../../lib/constraints/compile.ts";
import type { ConstraintSource } from "../../lib/constraints/compile.ts";
import { readBytes } from "../../lib/constraints/explain/barred.ts";
import { DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";
import { refusedAt } from "../../lib/constraints/ir/refusal.ts";

/** A full garbage collection. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

const many = (text: string, times: number) => text.repeat(times);

function badInputs(round: number): ConstraintSource[] {
  const names = Array.from({ length: 300 }, (_, i) => `r${i} ::= r${i + 1} "x" | "y${round}"`).join("\n");
  const of = (type: ConstraintSource["type"], ...schemas: string[]) =>
    schemas.map((schema) => ({ type, schema }));
  return [
    ...of("regex", many("(", 5000), many("(a", 5000) + many(")", 5000), many("[", 5000), `(a+)+${round}$`),
    ...of(
      "regex",
      "a{1,100000}",
      `(a{1,1000}){1,${1000 + round}}`,
      many("a?", 300) + many("a", 300),
      "(x+x+)+y",
    ),
    ...of(
      "regex",
      `(?:${many("a?", 100)})*b${round}`,
      "(.*a){30}",
      many("(?:^a|b$)*", 50),
      "(a|b|ab)*c",
      "a)",
      "*",
    ),
    ...of(
      "cfg",
      `root ::= ${many("(", 5000)}`,
      `root ::= ${many('("a" ', 5000)}${many(")", 5000)}`,
      `start: ${many("[", 5000)}`,
    ),
    ...of(
      "cfg",
      'root ::= root "a" | root root | ""',
      `root ::= r0\n${names}\nr300 ::= r0`,
      "root ::= root",
      "",
    ),
    ...of("cfg", `start: A\nA: /(a|b)*a(a|b){9}/ & ~/(a|b)*b(a|b){${9 + round % 3}}/`, many("x", 10_000)),
    ...of("json_schema", many("{", 5000), `${many('{"items":', 5000)}{}${many("}", 5000)}`, '{"$ref":"#"}'),
    ...of(
      "json_schema",
      '{"type":"string","not":{}}',
      '{"type":["string"],"enum":[1]}',
      `{"multipleOf":${round + 3}}`,
    ),
    ...of("multiple_choice", "", many("[", 10_000), many(`option ${round}\n`, 1000)),
  ];
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
