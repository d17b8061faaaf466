import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { faultOf } from "../../lib/fault.ts";
import { createAddonRunner } from "../../lib/runners/addon/runner.ts";
import { prepareGraph } from "../../lib/onnx/prepare.ts";
import { edited, inFolder, moveWeights, tinyConfig, tinyPath } from "./onnx_edit.ts";
import { assertCutEqualsUncut, IDS, openPrepared } from "./uncut.ts";

Deno.test("weight files: external weights stay in their file", async () => {
  await inFolder(async (folder) => {
    let weights: Uint8Array = new Uint8Array();
    const bytes = edited(tinyPath("tiny-llama-decomposed"), (graph) => {
      weights = moveWeights(graph, "model.onnx_data");
    });
    assert.ok(weights.length > 100_000);
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    await Deno.writeFile(`${folder}/model.onnx_data`, weights);
    const { source } = await prepareGraph(`${folder}/model.onnx`);
    assert.ok("bytes" in source && source.bytes.length < bytes.length + 2000);
    assert.equal(source.folder, folder);
    await assertCutEqualsUncut(`${folder}/model.onnx`, tinyConfig("tiny-llama-decomposed"), 2e-5);
  });
});

/** Copies files into a hub cache's blobs and links them, by those names, from a snapshot; returns its onnx folder. */
async function hubCache(
  folder: string,
  files: Record<string, Uint8Array>,
  linked: string[],
): Promise<string> {
  const onnx = `${folder}/snapshots/main/onnx`;
  await Deno.mkdir(onnx, { recursive: true });
  await Deno.mkdir(`${folder}/blobs`, { recursive: true });
  for (const [index, [name, bytes]] of Object.entries(files).entries()) {
    await Deno.writeFile(linked.includes(name) ? `${folder}/blobs/${index}` : `${onnx}/${name}`, bytes);
    if (linked.includes(name)) await Deno.symlink(`../../../blobs/${index}`, `${onnx}/${name}`);
  }
  return onnx;
}

Deno.test("weight files: weights are found behind the links of a hub cache, cut or not", async () => {
  await inFolder(async (folder) => {
    let weights: Uint8Array = new Uint8Array();
    const bytes = edited(tinyPath("tiny-llama-decomposed"), (graph) => {
      weights = moveWeights(graph, "model.onnx_data");
    });
    const files = { "model.onnx": bytes, "model.onnx_data": weights };
    const onnx = await hubCache(`${folder}/cut`, files, Object.keys(files));
    const { source } = await prepareGraph(`${onnx}/model.onnx`);
    assert.ok("bytes" in source && source.bytes.length < bytes.length + 2000);
    assert.equal(source.folder, await Deno.realPath(`${folder}/cut/blobs`));
    await assertCutEqualsUncut(`${onnx}/model.onnx`, tinyConfig("tiny-llama-decomposed"), 2e-5);

    const [name, data] = ["model_q4.onnx", "model_q4.onnx_data"];
    const whole = {
      [name]: await Deno.readFile(tinyPath("tiny-llama-gqa-keep", name)),
      [data]: await Deno.readFile(tinyPath("tiny-llama-gqa-keep", data)),
    };
    const results: Float32Array[] = [];
    for (const linked of [[], [name, data], [data]]) {
      const place = await hubCache(`${folder}/whole${linked.length}`, whole, linked);
      const { graph, layout } = await openPrepared(`${place}/${name}`, tinyConfig("tiny-llama-gqa-keep"));
      const runner = createAddonRunner(graph, layout, "cpu");
      results.push((await runner.run(runner.empty(), IDS)).logits);
      await runner.dispose();
    }
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });
});

async function refusal(path: string): Promise<string> {
  try {
    await prepareGraph(path);
  } catch (error) {
    assert.equal(faultOf(error)?.code, "model_failed");
    return (error as Error).message;
  }
  return assert.fail(`${path} was accepted`);
}

Deno.test("prepare: broken model folders are refused with a sentence that names the file", async () => {
  const broken = new URL("../fixtures/broken-models/", import.meta.url);
  for (
    const [folder, file] of [["truncated-onnx", "model_q4f16.onnx"], [
      "missing-external-data",
      "model_q4.onnx",
    ]]
  ) {
    const expected = JSON.parse(await Deno.readTextFile(new URL(`${folder}/expect.json`, broken)));
    const message = await refusal(fileURLToPath(new URL(`${folder}/onnx/${file}`, broken)));
    for (const word of expected.message_should_mention) assert.ok(message.includes(word), message);
  }
  const missing = await refusal(fileURLToPath(new URL("missing-onnx/onnx/model.onnx", broken)));
  assert.match(missing, /model\.onnx does not exist/);
});

Deno.test("weight files: files that are cut off or outside the folder, and files of other kinds, are refused", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/model.onnx`;
    let weights: Uint8Array = new Uint8Array();
    const withLocation = (location: string) =>
      edited(tinyPath("tiny-qwen3"), (graph) => {
        weights = moveWeights(graph, location);
      });
    await Deno.writeFile(path, withLocation("w.bin"));
    await Deno.writeFile(`${folder}/w.bin`, weights.subarray(1));
    assert.match(await refusal(path), /w\.bin.*is cut off: expected at least \d+ bytes but found \d+/);
    for (const location of ["../w.bin", "/etc/passwd", "a/../../w.bin", "C:\\w.bin"]) {
      await Deno.writeFile(path, withLocation(location));
      assert.match(await refusal(path), /outside its own folder/);
    }
    await Deno.writeTextFile(path, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    assert.match(await refusal(path), /Git LFS pointer/);
    await Deno.writeTextFile(path, "<html>not found</html>");
    assert.match(await refusal(path), /model\.onnx is cut off or damaged, or not an ONNX model/);
    await Deno.writeFile(path, new Uint8Array());
    assert.match(await refusal(path), /has no graph/);
  });
});
