// A real model for the tests of a file: opened once before them, closed behind them.
import { hubSettingsOf } from "../../lib/hub/fetch/settings.ts";
import { createModelLists } from "../../lib/hub/model_lists.ts";
import { createEngine } from "../../lib/engine/engine.ts";
import type { Engine } from "../../lib/engine/types.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { spawnTestWorker } from "../built_worker.ts";
import { specFor } from "../engine/spec.ts";
import { untilReady } from "../engine/until_ready.ts";

/** What a browser test takes to run on it: the bundled model, or a tiny one by its folder's name. */
export function realEngine(
  model = "HuggingFaceTB/SmolLM2-135M-Instruct",
  changes: Partial<LoadSpec> = {},
): { readonly real: () => Engine } {
  let engine: Engine;

  Deno.test.beforeAll(async () => {
    const spec = specFor(model, { cacheBytes: 256 * 2 ** 20, ...changes });
    engine = createEngine({
      spec,
      spawn: spawnTestWorker,
      modelLists: createModelLists(spec.roots, hubSettingsOf(spec.hub)),
      log: () => {},
    });
    await untilReady(engine);
  });
  Deno.test.afterAll(() => engine.close());
  return { real: () => engine };
}
