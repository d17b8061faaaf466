import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openThreadPriority } from "../../lib/ort/thread_priority.ts";

Deno.test("a lowered thread is nicer than before", { ignore: openThreadPriority() === null }, async () => {
  const child = fileURLToPath(new URL("./thread_priority_child.ts", import.meta.url));
  const args = ["run", "--no-check", "--no-prompt", "--allow-ffi", child];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  const [before, after] = JSON.parse(new TextDecoder().decode(stdout)) as [number, number];
  assert.ok(after > before, `${before} → ${after}`);
});
