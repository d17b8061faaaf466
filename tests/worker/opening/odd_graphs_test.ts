// Graphs that open and would give wrong numbers, or none: a load refuses them with a sentence, also the second time,
// when its comparison of the runners would be known.
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { FIXTURES, specFor } from "../../engine/spec.ts";
import { withFolder } from "../../hub/support.ts";
import { attending, byHead, cacheModel } from "../../runners/cache_models.ts";
import { allAlike, lastAlone, oneTextAlone, REFUSED } from "../../runners/odd_models.ts";

const MODEL = "tiny-llama-gqa";
const CONFIG = { num_attention_heads: 2, hidden_size: 16, max_position_embeddings: 64 };

/** Opens `graph` in the place of another model's. */
async function open(graph: Uint8Array, folder: string, runner: "auto" | "native" | "addon" = "auto") {
  const path = join(folder, "model.onnx");
  await Deno.writeFile(path, graph);
  const model = await readModelFolder(join(FIXTURES, "tiny-models", MODEL), { id: MODEL, device: "cpu" });
  const given = {
    ...model,
    folder,
    onnxPath: path,
    config: CONFIG,
    contextLength: 64,
    file: { ...model.file, path: "model.onnx", external: [] },
  };
  return await openRunner(
    given,
    "cpu",
    specFor(MODEL, { runner, cacheFolder: join(folder, "kept") }),
    () => {},
  );
}

for (const [name, [make, sentence]] of Object.entries(REFUSED)) {
  Deno.test(`${name}: no load takes it for a model`, () =>
    withFolder(async (folder) => {
      for (const runner of ["auto", "auto", "native", "addon"] as const) {
        await assert.rejects(open(make(), folder, runner), (error: Error) => {
          assert.equal(faultOf(error)?.code, "model_failed", error.stack);
          assert.match(error.message, sentence);
          return true;
        }, `${runner} opened it`);
      }
    }));
}

Deno.test("logits of the last token alone: it runs, and says so where those of others are wanted", () =>
  withFolder(async (folder) => {
    for (const kind of ["auto", "addon"] as const) {
      const runner = await open(lastAlone(), folder, kind);
      const { logits, kv } = await runner.run(runner.empty(), [3, 9, 27]);
      assert.equal(logits.length, runner.vocabSize);
      await assert.rejects(
        runner.run(kv, [1, 2], { logitsToKeep: 0 }),
        /gives the logits of the last token alone, not of 2 tokens/,
      );
      await runner.dispose();
    }
  }));

Deno.test("one text of any length: what a graph with a fixed batch takes is fed", () =>
  withFolder(async (folder) => {
    const runner = await open(oneTextAlone(), folder);
    const { logits, kv } = await runner.run(runner.empty(), [3, 9, 27]);
    const [first, second] = [await runner.lookahead(kv, [1, 2]), await runner.lookahead(kv, [1, 2])];
    assert.equal(logits.length, runner.vocabSize);
    assert.deepEqual(first, second);
    await runner.dispose();
  }));

Deno.test("logits that are all alike are no fault: what differs is rounding", () =>
  withFolder(async (folder) => await (await open(allAlike(), folder)).dispose()));

Deno.test("a graph that was tried is not tried again", () =>
  withFolder(async (folder) => {
    const { cached } = cacheModel([attending(byHead((layer, kind) => `past_key_values.${layer}.${kind}`))]);
    await (await open(cached, folder)).dispose();
    assert.ok([...Deno.readDirSync(join(folder, "kept", "checks"))].length > 0);
    await (await open(cached, folder)).dispose();
  }));
