// What loads leave behind. Memory belongs to the whole process: the tests of this folder run one after the other.
import assert from "node:assert/strict";
import { ask, withEngine } from "../engine/real_engine.ts";
import { specFor } from "../engine/spec.ts";

const PATIENCE = { timeout: 120_000 }; // milliseconds; a hang is a failure

Deno.test(
  "20 loads in a row leave no memory behind, and an unloaded model gives its own back",
  PATIENCE,
  async () => {
    const bundled = "HuggingFaceTB/SmolLM2-135M-Instruct"; // 114 MB of weights
    const megabytes = () => Math.round(Deno.memoryUsage().rss / 1e6);
    const rest = () => new Promise((resolve) => setTimeout(resolve, 300)); // for the old worker's end
    await withEngine(specFor(bundled), async ({ engine, load }) => {
      const large = megabytes();
      const sizes: number[] = [];
      for (let round = 0; round < 20; round++) {
        await load(round % 2 === 0 ? "tiny-gpt2" : "tiny-qwen3", { variant: "fp32" });
        await ask(engine, { ids: [1, 2, 3] });
        await rest();
        sizes.push(megabytes());
      }
      console.log(`RSS in MB: ${large} with the bundled model, then ${sizes.join(" ")}`);
      assert.ok(large - sizes[1]! > 40, "the bundled model's weights are gone");
      assert.ok(sizes.at(-1)! - sizes[3]! < 60, "the loads leave nothing behind");
    });
  },
);
