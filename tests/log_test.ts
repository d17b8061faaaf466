import assert from "node:assert/strict";
import { createLog, LOG_LEVELS } from "../lib/log.ts";

Deno.test("a log writes lines of its level and above", () => {
  for (const [index, level] of LOG_LEVELS.entries()) {
    const seen: string[] = [];
    const log = createLog(level, (of) => seen.push(of));
    for (const of of LOG_LEVELS) log[of]("a line");
    assert.deepEqual(seen, LOG_LEVELS.slice(index));
  }
});

Deno.test("an error is written with its stack and the errors behind it", () => {
  const lines: string[] = [];
  const log = createLog("info", (_, line) => lines.push(line));
  log.error("It failed", new Error("outer", { cause: new TypeError("inner") }));
  assert.match(lines[0]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z error It failed\nError: outer\n\s+at /);
  assert.match(lines[0]!, /Caused by TypeError: inner\n\s+at /);
});

Deno.test("what is thrown and is no error is written too", () => {
  const lines: string[] = [];
  createLog("info", (_, line) => lines.push(line)).error("It failed", "a string");
  assert.match(lines[0]!, /It failed\na string$/);
});
