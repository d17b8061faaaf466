import assert from "node:assert/strict";
import { join } from "node:path";
import { existsHere, findObstacle } from "../../lib/ort/obstacles.ts";

Deno.test("a provider whose file is missing cannot be used, and the addon need not be asked", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const library = join(folder, "libonnxruntime.so.1");
    assert.match(findObstacle("cuda", library) ?? "", /provider for CUDA \(.+\) is not installed$/);
    for (const name of ["libonnxruntime_providers_cuda.so", "onnxruntime_providers_cuda.dll"]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    if (Deno.build.os !== "darwin") assert.equal(findObstacle("cuda", library), null);
    assert.equal(findObstacle("cpu", library), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Core ML is a part of macOS, DirectML of Windows", () => {
  assert.equal(existsHere("coreml"), Deno.build.os === "darwin");
  assert.equal(existsHere("dml"), Deno.build.os === "windows");
  assert.ok(existsHere("cpu") && existsHere("webgpu") && existsHere("cuda"));
});
