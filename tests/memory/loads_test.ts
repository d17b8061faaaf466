// What loads leave behind.
import assert from "node:assert/strict";
import { join } from "node:path";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import { ask, withEngine } from "../engine/real_engine.ts";
import { FIRST_LOAD, ROOT, specFor } from "../engine/spec.ts";
import { withFolder } from "../hub/support.ts";
import { collector } from "../runners/native_fixture.ts";
import { type Footprint, settled } from "./footprint.ts";
import { type Loader, mixedLoads, writeFolders } from "./mixed_loads.ts";
import { PATIENCE } from "../patience.ts";

const MOST_GROWTH = 30; // megabytes
/** What a worker holds that has loaded the addon. As many are kept as were needed at once
 * (lib/engine/spare_workers.ts), which may be one more than before where a load is given up late; 24 loads that each
 * left two descriptors had 32 more. */
const SPARE = { descriptors: 10, threads: 1 };

Deno.test(
  "an unloaded model gives its memory back",
  PATIENCE,
  async () => {
    const bundled = "HuggingFaceTB/SmolLM2-135M-Instruct"; // 114 MB of weights
    const megabytes = () => Math.round(Deno.memoryUsage().rss / 1e6);
    const second = () => new Promise((resolve) => setTimeout(resolve, 1000));
    /** The memory once it is low enough, or after a minute: an old worker ends a moment after its last answer. */
    const settledAt = async (most: number) => {
      for (let tries = 0; megabytes() >= most && tries < 60; tries++) await second();
      return megabytes();
    };
    await withEngine(specFor(bundled, FIRST_LOAD), async ({ engine, load }) => {
      const large = megabytes();
      for (const small of ["tiny-gpt2", "tiny-qwen3"]) {
        await load(small, { variant: "fp32" });
        await ask(engine, { ids: [1, 2, 3] });
      }
      const few = await settledAt(large - 40);
      console.log(`RSS in MB: ${large} with the bundled model, ${few} after two small ones`);
      assert.ok(large - few > 40, "the bundled model's weights are gone");
    });
  },
);

for (const runner of ["auto", "addon"] as const) {
  Deno.test({
    name: `good, bad and cancelled loads leave no memory, descriptor or thread behind, runner ${runner}`,
    ignore: Deno.build.os !== "linux",
    ...PATIENCE,
    fn: () => withFolder((modelsDir) => leaveNothing(modelsDir, runner)),
  });
}

async function leaveNothing(modelsDir: string, runner: "auto" | "addon"): Promise<void> {
  await writeFolders(modelsDir);
  const collect = collector();
  const roots = createModelRoots(join(ROOT, "models"), { modelsDir });
  await withEngine(specFor("tiny-gpt2", { ...FIRST_LOAD, roots, runner }), async ({ engine, load }) => {
    const loader: Loader = {
      load: (id) => load(id).catch(() => {}), // refusals are wanted
      async cancel(id, milliseconds) {
        await engine.load({ modelId: id, revision: null, variant: null, device: null });
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        engine.cancelLoad();
      },
    };
    await mixedLoads(loader, 6); // what any load brings with it
    const before = (await settled(Deno.pid, ({ threads }) => threads < 12))!;
    await mixedLoads(loader, 24);
    const spare = runner === "addon" ? SPARE : { descriptors: 0, threads: 0 };
    const isBack = (now: Footprint) => {
      collect();
      return now.descriptors <= before.descriptors + spare.descriptors &&
        now.threads <= before.threads + spare.threads &&
        now.megabytes < before.megabytes + MOST_GROWTH;
    };
    const after = (await settled(Deno.pid, isBack))!;
    console.log(`Before and after: ${JSON.stringify([before, after])}`);
    assert.ok(isBack(after), `${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  });
}
