// What attribution takes beside the model that serves, over every method, and that it gives it back.
import assert from "node:assert/strict";
import { bundledAttributor, taskOf } from "../../bench/attribution.ts";
import { BUNDLED_FOLDER, open, pathOf } from "../../bench/model.ts";

const PATIENCE = { timeout: 600_000 }; // milliseconds; a hang is a failure
const MOST = 700; // MB above the serving model, for 64 tokens

const TASKS = [
  { method: "attention" },
  { method: "occlusion" },
  { method: "saliency", faithfulness: true }, // both graphs
  { method: "integrated_gradients", steps: 4 },
  { method: "direct_logit" },
  { method: "input_x_gradient" }, // the gradient graph once more, the other one open
] as const;

Deno.test(
  "attribution of 64 tokens takes at most 700 MB beside the model, and none after a rest",
  PATIENCE,
  async () => {
    const megabytes = () => Math.round(Deno.memoryUsage().rss / 1e6);
    const runner = await open(BUNDLED_FOLDER, "native");
    const serving = megabytes();
    const attributor = await bundledAttributor(500);
    const context = pathOf(5, 64, runner.vocabSize);
    let peak = serving;
    const timer = setInterval(() => peak = Math.max(peak, megabytes()), 10);
    const peaks: number[] = [];
    try {
      for (const task of TASKS) {
        peak = megabytes();
        const watch = { signal: new AbortController().signal, progress: () => {} };
        await attributor.explain(taskOf(context, 28, task), watch);
        peaks.push(peak - serving);
      }
      const idle = () => megabytes() - serving;
      while (idle() > 80) await new Promise((resolve) => setTimeout(resolve, 100)); // the time-out fails it
      console.log(`MB above serving: ${peaks.join(" ")}, after a rest ${idle()}`);
      assert.ok(Math.max(...peaks) <= MOST, peaks.join(" "));
    } finally {
      clearInterval(timer);
      await attributor.close();
      await runner.dispose();
    }
  },
);
