// What attribution takes beside the model that serves, and that it gives it back. The peak is the kernel's: how busy
// the machine is does not matter.
import assert from "node:assert/strict";
import { openBundledAttributor, taskOf } from "../../bench/attribution.ts";
import { BUNDLED_FOLDER, open, pathOf } from "../../bench/model.ts";
import { peakMemory } from "../../bench/peak_memory.ts";

const MOST = 680; // MB above the serving model, for 64 tokens: 599 to 617 were measured
const LEFT = 100; // MB after a rest

const TASKS = [
  { method: "attention" },
  { method: "saliency", faithfulness: true }, // both graphs
  { method: "direct_logit" }, // the gradient graph open beside it
] as const;

Deno.test({
  name: "attribution of 64 tokens takes at most 680 MB beside the model, and gives it back after a rest",
  ignore: Deno.build.os !== "linux",
  timeout: 600_000, // milliseconds; a hang is a failure
  async fn() {
    const runner = await open(BUNDLED_FOLDER, "native");
    const serving = Deno.memoryUsage().rss;
    const above = (bytes: number) => Math.round((bytes - serving) / 1e6);
    const attributor = await openBundledAttributor(500);
    const context = pathOf(5, 64, runner.vocabSize);
    const watch = { signal: new AbortController().signal, progress: () => {} };
    try {
      for (const task of TASKS) {
        const peak = above(
          await peakMemory(async () => void await attributor.explain(taskOf(context, 28, task), watch)),
        );
        assert.ok(peak <= MOST, `${peak} MB with ${JSON.stringify(task)}`);
      }
      while (above(Deno.memoryUsage().rss) > LEFT) await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await attributor.close();
      await runner.dispose();
    }
  },
});
