import assert from "node:assert/strict";
import { bundleWorkers } from "../../lib/build/workers.ts";

Deno.test("the page's workers are built, hold nothing of the server, and are written once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await bundleWorkers(folder);
    const path = `${folder}/constraint.js`;
    const code = await Deno.readTextFile(path);
    assert.doesNotMatch(code, /\bDeno\.|"node:|'node:/);
    assert.ok(code.length > 50_000, "the engine is in it");
    const before = (await Deno.stat(path)).mtime!.getTime();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await bundleWorkers(folder);
    assert.equal((await Deno.stat(path)).mtime!.getTime(), before);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
