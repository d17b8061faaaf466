// What a process keeps and gives back. Memory belongs to a whole process, so each file of tests/memory runs in one of
// its own: all of them at once, because they mostly wait, and what they measure does not depend on how busy the machine
// is. Sessions have their usual number of threads there.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { THREADS_VARIABLE } from "../lib/basics/thread_count.ts";
import { PATIENCE } from "./patience.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ALONE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false }; // else steps wait for each other

async function runFile(name: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--no-check", "--no-prompt", "-P=tools", `tests/memory/${name}`],
    cwd: ROOT,
    env: { [THREADS_VARIABLE]: "" },
  }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  assert.ok(success, said);
  assert.match(said, /\d+ passed/);
}

const files = Array.from(Deno.readDirSync(`${ROOT}tests/memory`), ({ name }) => name)
  .filter((name) => name.endsWith("_test.ts")).sort();

Deno.test({
  name: "memory of whole processes",
  timeout: 3 * PATIENCE.timeout, // of four processes
  ...ALONE,
  fn: async (t) => {
    const steps = files.map((name) => t.step({ name, fn: () => runFile(name), ...ALONE }));
    const held = await Promise.all(steps);
    assert.ok(held.every(Boolean));
  },
});
