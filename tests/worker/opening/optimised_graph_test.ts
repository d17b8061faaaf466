// Optimised graphs of models whose load folds a large constant: a tiny model with a large table of zeros that its
// embeddings get added, in a hub's cache.
import assert from "node:assert/strict";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { findOptimisedPlace, WORTH_BYTES } from "../../../lib/worker/opening/optimised_graph.ts";
import { withFolder } from "../../hub/support.ts";
import { goldenFiles, largestDifference } from "../../runners/goldens.ts";
import { edited, floats, node, tinyPath } from "../../onnx/onnx_edit.ts";
import { FIXTURES, NO_HUB, specFor } from "../../engine/spec.ts";

const MODEL = "tiny-llama-gqa";
const COLUMNS = 4096;
const ROWS = Math.ceil(WORTH_BYTES / 4 / COLUMNS);

/** The tiny model with a table of 8-bit zeros that becomes floats at load. */
function heavyModel(): Uint8Array {
  return edited(tinyPath(MODEL), (graph) => {
    const at = graph.node.findIndex(({ opType, input }) => opType === "Gather" && input[1] === "input_ids");
    const embed = graph.node[at]!;
    const embedded = embed.output[0]!;
    embed.output = ["embedded"];
    const zeros = new Uint8Array(ROWS * COLUMNS);
    const table = { name: "table", dims: [BigInt(ROWS), BigInt(COLUMNS)], rawData: zeros };
    graph.initializer.push(create(TensorProtoSchema, { ...table, dataType: TensorProto_DataType.INT8 }));
    graph.initializer.push(floats("scale", [0.5]));
    graph.node.splice(
      at + 1,
      0,
      node("Cast", ["table"], ["cast"], { to: 1n }),
      node("Mul", ["cast", "scale"], ["wide"]),
      node("Gather", ["wide", "input_ids"], ["rows"]),
      node("ReduceMax", ["rows"], ["none"], { keepdims: 0n }),
      node("Add", ["embedded", "none"], [embedded]),
    );
  });
}

async function withHeavyModel(work: (cacheFolder: string, snapshot: string) => Promise<void>): Promise<void> {
  await withFolder(async (cacheFolder) => {
    const snapshot = join(cacheFolder, "models--tiny--heavy", "snapshots", "abc");
    await Deno.mkdir(join(snapshot, "onnx"), { recursive: true });
    for (const name of ["config.json", "tokenizer.json"]) {
      await Deno.copyFile(join(FIXTURES, "tiny-models", MODEL, name), join(snapshot, name));
    }
    await Deno.writeFile(join(snapshot, "onnx", "model.onnx"), heavyModel());
    await work(cacheFolder, snapshot);
  });
}

/** Opens the model in `snapshot`, holds it against its golden logits, and tells what was logged. */
async function load(cacheFolder: string, snapshot: string): Promise<string[]> {
  const lines: string[] = [];
  const folder = await readModelFolder(snapshot, { id: "tiny/heavy", device: "cpu", variant: "fp32" });
  const spec = specFor("tiny/heavy", { hub: { ...NO_HUB, cacheFolder } });
  const begun = performance.now();
  const runner = await openRunner(folder, "cpu", spec, (message) => {
    if (message.type === "log") lines.push(message.message);
  }, { memory: null });
  console.log(`opened in ${Math.round(performance.now() - begun)} ms`);
  assert.equal(runner.runtime, "native");
  const { cases } = goldenFiles().find(({ model, file }) => model === MODEL && file === "model.onnx")!;
  for (const { ids, logits } of cases) {
    const result = await runner.run(runner.empty(), ids);
    runner.release(result.kv);
    assert.ok(largestDifference(result.logits, logits.at(-1)!) <= 1e-4);
  }
  await runner.dispose();
  return lines;
}

async function written(cacheFolder: string): Promise<string[]> {
  const root = join(cacheFolder, "models--tiny--heavy", "optimised");
  const names = await Array.fromAsync(Deno.readDir(root), ({ name }) => name).catch(() => []);
  return names.map((name) => join(root, name));
}

Deno.test("a load that folds much writes the optimised graph, the next one reads it, broken ones are replaced", () =>
  withHeavyModel(async (cacheFolder, snapshot) => {
    assert.deepEqual(await load(cacheFolder, snapshot), []);
    const [folder, ...others] = await written(cacheFolder);
    assert.deepEqual(others, []);
    const weights = join(folder!, "model.onnx_data");
    assert.ok((await Deno.stat(weights)).size >= WORTH_BYTES);
    const { mtime } = await Deno.stat(weights);
    assert.deepEqual(await load(cacheFolder, snapshot), []);
    assert.deepEqual((await Deno.stat(weights)).mtime, mtime);
    for (const [name, size] of [["model.onnx_data", 1000], ["model.onnx", 10]] as const) {
      await Deno.truncate(join(folder!, name), size);
      assert.match((await load(cacheFolder, snapshot)).join(), /does not open and is thrown away/);
      assert.ok((await Deno.stat(join(folder!, name))).size > size);
    }
    assert.deepEqual(await written(cacheFolder), [folder]);
    const model = join(snapshot, "onnx", "model.onnx"); // another file, another key; the old one goes
    await Deno.utime(model, new Date(), new Date(0));
    assert.deepEqual(await load(cacheFolder, snapshot), []);
    const [next, ...rest] = await written(cacheFolder);
    assert.deepEqual(rest, []);
    assert.notEqual(next, folder);
  }));

Deno.test("nothing is written where it cannot be, outside the hub's cache, or for what does not pay", () =>
  withHeavyModel(async (cacheFolder, snapshot) => {
    await Deno.writeTextFile(join(cacheFolder, "models--tiny--heavy", "optimised"), "in the way");
    assert.deepEqual(await load(cacheFolder, snapshot), []);
    assert.deepEqual(await written(cacheFolder), []);
    const model = await readModelFolder(snapshot, { id: "tiny/heavy", device: "cpu" });
    assert.equal(await findOptimisedPlace(model, "/elsewhere", WORTH_BYTES, "1"), null);
    assert.equal(await findOptimisedPlace(model, cacheFolder, WORTH_BYTES - 1, "1"), null);
    const [one, two] = [
      await findOptimisedPlace(model, cacheFolder, WORTH_BYTES, "1"),
      await findOptimisedPlace(model, cacheFolder, WORTH_BYTES, "2"),
    ];
    assert.notEqual(one!.file, two!.file);
  }));
