import { strict as assert } from "node:assert";
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { parseThreadCount, THREADS_VARIABLE } from "../../lib/basics/thread_count.ts";
import { chooseThreads } from "../../lib/ort/threads.ts";

const CHILD = fileURLToPath(new URL("threads_child.ts", import.meta.url));

Deno.test("threads: at least one, never more than processors, never fewer on a larger machine", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 512 }), (processors) => {
    const threads = chooseThreads(processors);
    assert.ok(Number.isInteger(threads) && threads >= 1 && threads <= processors);
    assert.ok(chooseThreads(processors + 1) >= threads);
  }));
});

/** What a process that opens the bundled model tells ONNX Runtime. */
async function threadsWith(count: string): Promise<number[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", "-A", CHILD],
    env: { [THREADS_VARIABLE]: count },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("the environment says how many threads a session has; the logits are right with its own count, too", async () => {
  assert.deepEqual(await threadsWith("3"), [3, 3]);
  const own = chooseThreads(navigator.hardwareConcurrency);
  assert.deepEqual(await threadsWith(""), [own, own]);
});

Deno.test("what is no count of threads is none", () => {
  for (const text of ["", "0", "-1", "1.5", "two", "1025", "1e3"]) {
    assert.equal(parseThreadCount(text), null, text);
  }
  assert.deepEqual(["1", "16", "1024"].map(parseThreadCount), [1, 16, 1024]);
});
