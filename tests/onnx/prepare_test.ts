import { strict as assert } from "node:assert";
import { createAddonRunner } from "../../lib/runners/addon/runner.ts";
import { findHead } from "../../lib/onnx/head.ts";
import { prepareGraph } from "../../lib/onnx/prepare.ts";
import { goldenFiles, largestDifference } from "../runners/goldens.ts";
import {
  behindLogits,
  edited,
  floats,
  graphOf,
  inFolder,
  int64s,
  node,
  tinyConfig,
  tinyPath,
} from "./onnx_edit.ts";
import { assertCutEqualsUncut, IDS, openPrepared } from "./uncut.ts";

for (const { model, file, path, config } of goldenFiles()) {
  Deno.test(`prepare: ${model}/${file} is cut before its head, or left alone`, async () => {
    const prepared = await prepareGraph(path);
    const hadKeep = model === "tiny-llama-gqa-keep";
    assert.equal(prepared.keepAdded, !hadKeep);
    assert.equal(prepared.sharedBuffers, model.includes("gqa"));
    assert.equal("path" in prepared.source, hadKeep);
    if (hadKeep) return;
    assert.ok(findHead(graphOf(await Deno.readFile(path)), "logits"), "its head is recognised");
    // The same hidden states go through the same weights: only the order of additions may differ.
    await assertCutEqualsUncut(path, config, file.includes("16") ? 0.02 : 2e-5);
  });
}

Deno.test("prepare: a scale, a soft-cap and a bias behind the head stay behind the cut", async () => {
  await inFolder(async (folder) => {
    const bytes = edited(tinyPath("tiny-qwen3"), (graph) => {
      const vocabSize = 376;
      graph.initializer.push(
        floats("cap", [2]),
        floats("bias", Array.from({ length: vocabSize }, (_, i) => i), [vocabSize]),
      );
      behindLogits(graph, [
        node("Div", ["logits/before", "cap"], ["scaled"]),
        node("Tanh", ["scaled"], ["bounded"]),
        node("Mul", ["bounded", "cap"], ["capped"]),
        node("Cast", ["capped"], ["cast"], { to: 1n }),
        node("Add", ["cast", "bias"], ["logits"]),
      ]);
    });
    const head = findHead(graphOf(bytes), "logits");
    assert.equal(graphOf(bytes).node[head?.nodes[0] ?? -1]?.opType, "MatMul");
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    await assertCutEqualsUncut(`${folder}/model.onnx`, tinyConfig("tiny-qwen3"), 2e-5);
  });
});

Deno.test("prepare: a head in two halves that share their hidden states is cut once", async () => {
  await inFolder(async (folder) => {
    const bytes = edited(tinyPath("tiny-llama-gqa"), (graph) => {
      const head = graph.node.find((candidate) => candidate.output.includes("logits"));
      assert.ok(head?.input[0] && head.input[1]);
      behindLogits(graph, [
        node("MatMul", [head.input[0], head.input[1]], ["second"]),
        node("Sub", ["logits/before", "second"], ["difference"]),
        node("Add", ["difference", "second"], ["logits"]),
      ]);
    });
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    const { source } = await prepareGraph(`${folder}/model.onnx`);
    assert.ok("bytes" in source);
    const slices = graphOf(source.bytes).node.filter((candidate) =>
      candidate.output[0]?.startsWith("num_logits_to_keep/kept")
    );
    assert.equal(slices.length, 1);
    await assertCutEqualsUncut(`${folder}/model.onnx`, tinyConfig("tiny-llama-gqa"), 2e-5);
  });
});

Deno.test("prepare: where the head is not recognised, the logits are sliced", async () => {
  await inFolder(async (folder) => {
    const bytes = edited(tinyPath("tiny-gpt2"), (graph) => {
      graph.initializer.push(int64s("shape", [0, -1, 360]));
      behindLogits(graph, [node("Reshape", ["logits/before", "shape"], ["logits"])]);
    });
    assert.equal(findHead(graphOf(bytes), "logits"), null);
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    await assertCutEqualsUncut(`${folder}/model.onnx`, tinyConfig("tiny-gpt2"), 2e-5);
  });
});

Deno.test("prepare: a value on the way to the logits that is read elsewhere is not cut", () => {
  const bytes = edited(tinyPath("tiny-qwen3"), (graph) => {
    graph.initializer.push(floats("one", [1]));
    behindLogits(graph, [
      node("ReduceMax", ["logits/before"], ["largest"]),
      node("Mul", ["logits/before", "one"], ["logits"]),
    ]);
  });
  assert.equal(findHead(graphOf(bytes), "logits"), null);
});

Deno.test("prepare: a graph without a cache runs the whole context each time", async () => {
  await inFolder(async (folder) => {
    const bytes = edited(tinyPath("tiny-gpt2"), (graph) => {
      const pasts = graph.input.filter((input) => input.name.startsWith("past"));
      graph.input = graph.input.filter((input) => !input.name.startsWith("past"));
      graph.output = graph.output.filter((output) => output.name === "logits");
      graph.initializer.push(...pasts.map(({ name }) => floats(name, [], [1, 4, 0, 16])));
    });
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    const { graph, layout } = await openPrepared(`${folder}/model.onnx`, tinyConfig("tiny-gpt2"));
    assert.deepEqual(layout.slots, []);
    const cached = await openPrepared(tinyPath("tiny-gpt2"), tinyConfig("tiny-gpt2"));
    const [bare, reference] = [
      createAddonRunner(graph, layout, "cpu"),
      createAddonRunner(cached.graph, cached.layout, "cpu"),
    ];
    const results = [];
    for (const runner of [bare, reference]) {
      const first = await runner.run(runner.empty(), IDS.slice(0, 5));
      const cut = runner.truncate(first.kv, 3);
      const second = await runner.run(cut, IDS.slice(5), { logitsToKeep: 2 });
      assert.equal(second.kv.length, 6);
      const ahead = await runner.lookahead(second.kv, [7]);
      results.push([first.logits, second.logits, ...ahead]);
      await runner.dispose();
    }
    for (const index of [0, 1, 2]) {
      assert.ok(largestDifference(results[0]?.[index] ?? [], results[1]?.[index] ?? []) < 1e-4);
    }
  });
});
