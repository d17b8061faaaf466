import assert from "node:assert/strict";
import { createLog, createOutput, LOG_LEVELS } from "../lib/log.ts";

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

/** A stream that takes `most` bytes at once, each after its turn of `gate`. */
function slowStream(most: number, gate = () => Promise.resolve()) {
  const taken: string[] = [];
  const write = async (bytes: Uint8Array) => {
    await gate();
    taken.push(new TextDecoder().decode(bytes.subarray(0, most)));
    return Math.min(most, bytes.length);
  };
  return { write, text: () => taken.join("") };
}

Deno.test("lines are written whole and in order, errors to their own stream", async () => {
  const [out, err] = [slowStream(3), slowStream(100)];
  const output = createOutput({ out, err });
  output.write("info", "first");
  output.write("debug", "second");
  output.write("warn", "third");
  output.write("error", "fourth");
  await output.flush(60_000);
  assert.deepEqual([out.text(), err.text()], ["first\nsecond\n", "third\nfourth\n"]);
});

Deno.test("a disk that is full and a reader that stands still hold up nobody; what is left out is said", async () => {
  const gate = Promise.withResolvers<void>();
  const out = slowStream(2 ** 30, () => gate.promise);
  const err = { write: () => Promise.reject(new Error("No space left on device (os error 28)")) };
  const output = createOutput({ out, err });
  output.write("error", "lost");
  for (let line = 0; line < 5000; line++) output.write("info", `${line} ${"x".repeat(1000)}`);
  await output.flush(1);
  assert.equal(out.text(), "");
  gate.resolve();
  await output.flush(60_000);
  const lines = out.text().trimEnd().split("\n");
  assert.match(lines[0]!, /^0 x/);
  const left = Number(/^\(Left out, as they were not read: (\d+) lines/.exec(lines.at(-1)!)?.[1]);
  assert.equal(lines.length - 1 + left, 5000);
  assert.ok(out.text().length < 2 ** 21);
});
