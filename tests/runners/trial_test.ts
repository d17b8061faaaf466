// The first runs of a graph, with a runner that is damaged in one way. Whole graphs: worker/opening/odd_graphs_test.ts.
import { strict as assert } from "node:assert";
import { tryRunner } from "../../lib/runners/trial.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { goldenFiles } from "./goldens.ts";
import { openNative } from "./native_fixture.ts";

Deno.test("NaN in any row of any of the first runs: no model", async () => {
  const [file] = goldenFiles();
  assert.ok(file);
  const runner = await openNative(file.path, file.config);
  const options = { most: 64, coarse: false, signal: undefined };
  /** The `damaged`th run, counted from 1, gives NaN in its first row. */
  const withNaN = (damaged: number): LmRunner => {
    let runs = 0;
    return {
      ...runner,
      async run(kv, ids, asked) {
        const result = await runner.run(kv, ids, asked);
        if (++runs === damaged) result.logits[3] = NaN;
        return result;
      },
    };
  };
  try {
    await tryRunner(runner, "it", options);
    for (let run = 1; run <= 5; run++) {
      await assert.rejects(tryRunner(withNaN(run), "it", options), /gives NaN/, `run ${run}`);
    }
  } finally {
    await runner.dispose();
  }
});
