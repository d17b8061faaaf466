import { strict as assert } from "node:assert";
import { openGraph } from "../../lib/runtime/addon_graph.ts";
import { createAddonRunner } from "../../lib/runtime/addon_runner.ts";
import { faultOf } from "../../lib/fault.ts";
import { findHead } from "../../lib/runtime/head.ts";
import { findLayout } from "../../lib/runtime/layout.ts";
import { prepareGraph } from "../../lib/runtime/prepare.ts";
import type { Graph, LmLayout, Tensor } from "../../lib/runtime/types.ts";
import { goldenFiles, largestDifference } from "./goldens.ts";
import {
  behindLogits,
  edited,
  floats,
  graphOf,
  inFolder,
  int64s,
  moveWeights,
  node,
  tinyConfig,
  tinyPath,
} from "./onnx_edit.ts";

const IDS = [5, 17, 3, 99, 42, 8, 8, 250];

/** All logits of IDS, from the file as it is on disk: no cut, no runner. */
async function uncutLogits(path: string, layout: LmLayout): Promise<Tensor> {
  const graph = await openGraph({ path }, "cpu");
  const int = (values: number[]): Tensor => ({
    type: "int64",
    dims: [1, values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const feeds: Record<string, Tensor> = { [layout.inputIds]: int(IDS) };
  if (layout.attentionMask !== null) feeds[layout.attentionMask] = int(IDS.map(() => 1));
  if (layout.positionIds !== null) feeds[layout.positionIds] = int(IDS.map((_, index) => index));
  for (const { input, kvHeads, headDim } of layout.slots) {
    const data = layout.cacheType === "float16" ? new Uint16Array() : new Float32Array();
    feeds[input] = { type: layout.cacheType, dims: [1, kvHeads, 0, headDim], data };
  }
  const { logits } = await graph.run(feeds, ["logits"]);
  await graph.dispose();
  assert.ok(logits);
  return logits;
}

function asFloats({ data }: Tensor): Float32Array {
  return data instanceof Float32Array
    ? data
    : Float32Array.from(new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length));
}

async function openPrepared(path: string, config: unknown): Promise<{ graph: Graph; layout: LmLayout }> {
  const { source, sharedBuffers } = await prepareGraph(path);
  const graph = await openGraph(source, "cpu");
  return { graph, layout: findLayout(graph.inputs, graph.outputs, config, sharedBuffers) };
}

/** The cut graph gives the last n rows of what the uncut one gives. */
async function assertCutEqualsUncut(path: string, config: unknown, limit: number): Promise<void> {
  const { graph, layout } = await openPrepared(path, config);
  const runner = createAddonRunner(graph, layout, "cpu");
  const expected = asFloats(await uncutLogits(path, layout));
  for (const keep of [1, 3, 0]) {
    const { logits } = await runner.run(runner.empty(), IDS, { keep });
    const rows = (keep || IDS.length) * layout.vocabSize;
    assert.equal(logits.length, rows);
    const difference = largestDifference(logits, expected.subarray(expected.length - rows));
    assert.ok(difference <= limit, `keep ${keep} differs by ${difference}`);
  }
  await runner.dispose();
}

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

Deno.test("prepare: external weights stay in their file", async () => {
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

Deno.test("prepare: weights are found behind the links of a hub cache, cut or not", async () => {
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
      const second = await runner.run(cut, IDS.slice(5), { keep: 2 });
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
    const message = await refusal(new URL(`${folder}/onnx/${file}`, broken).pathname);
    for (const word of expected.message_should_mention) assert.ok(message.includes(word), message);
  }
  const missing = await refusal(new URL("missing-onnx/onnx/model.onnx", broken).pathname);
  assert.match(missing, /model\.onnx does not exist/);
});

Deno.test("prepare: weight files that are cut off or outside the folder, and files of other kinds, are refused", async () => {
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
