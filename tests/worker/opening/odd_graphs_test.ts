// Graphs that open and would give wrong numbers, or none: a load refuses them with a sentence, also the second time,
// when its comparison of the runners would be known.
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import type { LmRunner } from "../../../lib/runners/types.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { FIXTURES, specFor } from "../../engine/spec.ts";
import { withFolder } from "../../hub/support.ts";
import { attending, byHead, cacheModel } from "../../runners/cache_models.ts";
import { largestDifference } from "../../runners/goldens.ts";
import { allAlike, lastAlone, oneTextAlone, REFUSED } from "../../runners/odd_models.ts";
import { OTHER_FORMS, plainForm, withInfinities } from "../../runners/other_forms.ts";

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

/** The logits after a text, after a token more, and after each of two tokens more. */
async function logitsOf(runner: LmRunner): Promise<Float32Array[]> {
  const { logits, kv } = await runner.run(runner.empty(), [3, 9, 27]);
  const next = await runner.run(kv, [8]);
  return [logits, next.logits, ...await runner.lookahead(next.kv, [1, 2])];
}

for (const [name, make] of Object.entries(OTHER_FORMS)) {
  Deno.test(`${name}: the logits of the common form`, () =>
    withFolder(async (folder) => {
      const plain = await open(plainForm(), folder);
      const wanted = await logitsOf(plain);
      await plain.dispose();
      for (const kind of ["native", "addon"] as const) {
        const runner = await open(make(), folder, kind);
        for (const [at, logits] of (await logitsOf(runner)).entries()) {
          const most = name.startsWith("(") ? 0.02 : 1e-4;
          assert.ok(largestDifference(logits, wanted[at]!) < most, `${kind} ${at}`);
        }
        await runner.dispose();
      }
    }));
}

Deno.test("tokens that can never come (-infinity) do not keep the native runner from being trusted", () =>
  withFolder(async (folder) => {
    const runner = await open(withInfinities(), folder);
    assert.equal(runner.runtime, "native");
    await runner.dispose();
  }));

Deno.test("logits of the last token alone: it runs, and says so where those of others are wanted", () =>
  withFolder(async (folder) => {
    for (const kind of ["auto", "addon"] as const) {
      const runner = await open(lastAlone(), folder, kind);
      const { logits, kv } = await runner.run(runner.empty(), [3, 9, 27]);
      assert.equal(logits.length, runner.vocabSize);
      const sentence = /gives the logits of the last token alone, not of 2 tokens/;
      await assert.rejects(runner.run(kv, [1, 2], { logitsToKeep: 0 }), sentence);
      const scored = runner.runScored?.(kv, [1, 2], { targets: [2, 3], top: 1 });
      if (scored !== undefined) await assert.rejects(scored, sentence);
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
