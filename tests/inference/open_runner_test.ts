import assert from "node:assert/strict";
import { join } from "node:path";
import { readModelFolder } from "../../lib/hub/folder.ts";
import { openRunner } from "../../lib/inference/open_runner.ts";
import type { FromWorker, LoadSpec } from "../../lib/inference/protocol.ts";
import { FIXTURES, specFor } from "./spec.ts";

const MODEL = "tiny-llama-gqa";

async function open(changes: Partial<LoadSpec>, memory: number | null) {
  const folder = await readModelFolder(join(FIXTURES, "tiny-models", MODEL), {
    ...{ id: MODEL, dtype: "fp32", device: "cpu" },
  });
  const lines: string[] = [];
  const post = (message: FromWorker) => {
    if (message.type === "log") lines.push(`${message.level}: ${message.message}`);
  };
  const runner = await openRunner(folder, "cpu", specFor(MODEL, changes), post, { memory });
  await runner.dispose();
  return { runtime: runner.runtime, lines };
}

Deno.test("auto compares the native runner with the addon where both fit, and says nothing", async () => {
  assert.deepEqual(await open({}, 1e12), { runtime: "native", lines: [] });
  assert.deepEqual(await open({}, null), { runtime: "native", lines: [] });
});

Deno.test("auto checks the native runner by itself where two sessions do not fit", async () => {
  const { runtime, lines } = await open({}, 1000);
  assert.equal(runtime, "native");
  assert.match(lines.join(), /^info: Memory has no room to compare both runners/);
});
