// Extended graphs give what the file gives, hold no copy of its weights, and what is added computes what it says.
import { strict as assert } from "node:assert";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { draftModel, feedContext } from "../../lib/attribution/draft_model.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { BUNDLED, goldenFiles, largestDifference } from "../runners/goldens.ts";
import { inFolder } from "../onnx/onnx_edit.ts";
import { openLibrary } from "../runners/native_fixture.ts";

const REAL = [DataType.FLOAT, DataType.FLOAT16];

Deno.test("an extended graph gives the file's own logits, its weights by reference", async (t) => {
  for (const { model, file, path, config, cases, tolerance } of goldenFiles()) {
    await t.step(`${model}/${file}`, async () => {
      const { draft, layout } = await draftModel(path, config, "test");
      const source = await draft.source();
      assert.ok("bytes" in source);
      const graph = await openNativeGraph(openLibrary(), source);
      const golden = cases[0]!;
      const feeds = feedContext(graph.inputs, layout, golden.ids, { logitsToKeep: 1 });
      const { logits } = await graph.run(feeds, ["logits"]);
      await graph.dispose();
      const expected = golden.variants[file]?.last_logits ?? golden.logits.at(-1)!;
      if (logits!.type === "float32") {
        assert.ok(largestDifference(logits!.data as Float32Array, expected) <= tolerance);
      }
      assert.ok(REAL.includes(logits!.type === "float32" ? DataType.FLOAT : DataType.FLOAT16));
    });
  }
});

Deno.test("the bundled model's extended graph is small, because its weights stay in their files", async () => {
  const path = new URL("onnx/model_q4.onnx", BUNDLED).pathname;
  const config: unknown = JSON.parse(Deno.readTextFileSync(new URL("config.json", BUNDLED)));
  const { draft } = await draftModel(path, config, "test");
  const source = await draft.source();
  assert.ok("bytes" in source && source.bytes.length < 400_000);
});

Deno.test("a file with its weights inside is referred to, also from behind a link", async () => {
  const { path, config, cases } = goldenFiles().find(({ model, file }) =>
    model === "tiny-llama-decomposed" && file === "model.onnx"
  )!;
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/blobs`);
    await Deno.mkdir(`${folder}/snapshot`);
    await Deno.copyFile(path, `${folder}/blobs/abc`);
    await Deno.symlink("../blobs/abc", `${folder}/snapshot/model.onnx`);
    const { draft, layout } = await draftModel(`${folder}/snapshot/model.onnx`, config, "test");
    const source = await draft.source();
    assert.ok("bytes" in source && source.bytes.length < Deno.statSync(path).size / 2);
    const graph = await openNativeGraph(openLibrary(), source);
    const { ids, logits: expected } = cases[0]!;
    const { logits } = await graph.run(feedContext(graph.inputs, layout, ids), ["logits"]);
    await graph.dispose();
    assert.ok(largestDifference(logits!.data as Float32Array, expected.at(-1)!) < 1e-4);
  });
});

Deno.test("nodes, inputs, outputs and constants are added, values interposed, other outputs dropped", async () => {
  const { path, config, cases } = goldenFiles().find(({ model, file }) =>
    model === "tiny-gpt2" && file === "model.onnx"
  )!;
  const { draft, layout } = await draftModel(path, config, "test");
  const scale = draft.input("scale", DataType.FLOAT, []);
  draft.interpose("logits", (before) => {
    draft.op("Mul", [before, scale], { outputs: ["logits"] });
  });
  const best = draft.op("ArgMax", ["logits"], { attributes: { axis: -1n, keepdims: 0n } });
  const shifted = draft.op("Add", [best, draft.ints([1000])]);
  draft.setOutputs(new Map([["logits", DataType.FLOAT], [shifted, DataType.INT64]]));
  assert.equal(draft.ints([1000]), draft.ints([1000]));
  assert.equal(draft.producer(shifted)?.opType, "Add");
  assert.deepEqual(draft.consumers(best).map((node) => node.opType), ["Add"]);
  const graph = await openNativeGraph(openLibrary(), await draft.source());
  assert.deepEqual(graph.outputs.map((output) => output.name), ["logits", shifted]);
  const { ids, logits: expected } = cases[0]!;
  const feeds = feedContext(graph.inputs, layout, ids);
  const twice = { type: "float32", dims: [], data: Float32Array.of(2) } as const;
  const results = await graph.run({ ...feeds, scale: twice }, ["logits", shifted]);
  await graph.dispose();
  const last = expected.at(-1)!;
  assert.ok(
    largestDifference(results["logits"]!.data as Float32Array, last.map((logit) => 2 * logit)) < 2e-4,
  );
  assert.equal(Number(results[shifted]!.data[0]), 1000 + last.indexOf(Math.max(...last)));
});
