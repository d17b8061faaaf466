import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { BUNDLED, checkGoldens, checkReference, goldenFiles, largestDifference } from "../goldens.ts";
import { openAddon } from "../native_fixture.ts";

for (const file of goldenFiles()) {
  Deno.test(`addon runner: goldens of ${file.model}/${file.file}`, async (t) => {
    const runner = await openAddon(file.path, file.config);
    try {
      await checkGoldens(t, file, runner);
    } finally {
      await runner.dispose();
    }
  });
}

Deno.test("addon runner: the bundled model agrees with the reference, at once and in pieces", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("config.json", BUNDLED)));
  const runner = await openAddon(fileURLToPath(new URL("onnx/model_q4.onnx", BUNDLED)), config);
  try {
    await checkReference(runner, ["english_capital", "code_python", "emoji", "one_token"]);
    // More ids than one piece: rows that lie in two pieces come out in order.
    const ids = Array.from({ length: 300 }, (_, index) => 1000 + index * 7);
    const whole = await runner.run(runner.empty(), ids, { logitsToKeep: 60 });
    const first = await runner.run(runner.empty(), ids.slice(0, 250), { logitsToKeep: 10 });
    const second = await runner.run(first.kv, ids.slice(250), { logitsToKeep: 0 });
    const { vocabSize } = runner;
    assert.equal(whole.logits.length, 60 * vocabSize);
    assert.ok(largestDifference(whole.logits.subarray(0, 10 * vocabSize), first.logits) < 1e-3);
    assert.ok(largestDifference(whole.logits.subarray(10 * vocabSize), second.logits) < 1e-3);
    runner.release(whole.kv);
    runner.release(second.kv);
  } finally {
    await runner.dispose();
  }
});
