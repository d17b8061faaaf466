import { strict as assert } from "node:assert";
import { faultOf } from "../../lib/fault.ts";
import { listAddonDevices, openGraph } from "../../lib/ort/addon_graph.ts";
import type { Tensor } from "../../lib/ort/types.ts";
import { inFolder, tinyPath } from "../onnx/onnx_edit.ts";

const int = (values: number[]): Tensor => ({
  type: "int64",
  dims: [1, values.length],
  data: BigInt64Array.from(values, BigInt),
});

Deno.test("addon graph: metadata names symbolic dimensions, and only wanted outputs come back", async () => {
  const graph = await openGraph({ path: tinyPath("tiny-llama-gqa", "model_fp16.onnx") }, "cpu", {
    threads: 1,
  });
  const past = graph.inputs.find(({ name }) => name === "past_key_values.0.key");
  assert.deepEqual(past, {
    name: "past_key_values.0.key",
    type: "float16",
    shape: ["batch_size", 2, "past_sequence_length", 16],
  });
  const feeds: Record<string, Tensor> = { input_ids: int([1, 2, 3]), attention_mask: int([1, 1, 1]) };
  for (const { name } of graph.inputs.filter((input) => input.name.startsWith("past"))) {
    feeds[name] = { type: "float16", dims: [1, 2, 0, 16], data: new Uint16Array() };
  }
  const first = await graph.run(feeds, ["present.1.value", "logits"]);
  assert.deepEqual(Object.keys(first), ["present.1.value", "logits"]);
  assert.deepEqual(first["present.1.value"]?.dims, [1, 2, 3, 16]);
  assert.ok(first["present.1.value"]?.data instanceof Uint16Array);
  await graph.dispose();
});

Deno.test("addon graph: an aborted run rejects with an AbortError and the graph stays usable", async () => {
  const graph = await openGraph({ path: tinyPath("tiny-llama-gqa") }, "cpu");
  const feeds: Record<string, Tensor> = { input_ids: int([1]), attention_mask: int([1]) };
  for (const { name } of graph.inputs.filter((input) => input.name.startsWith("past"))) {
    feeds[name] = { type: "float32", dims: [1, 2, 0, 16], data: new Float32Array() };
  }
  await assert.rejects(() => graph.run(feeds, ["logits"], { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  // Aborted after the call and before the native run began: noticed when the run is over.
  const controller = new AbortController();
  const pending = graph.run(feeds, ["logits"], { signal: controller.signal });
  controller.abort();
  await assert.rejects(pending, { name: "AbortError" });
  const { logits } = await graph.run(feeds, ["logits"]);
  assert.deepEqual(logits?.dims.slice(0, 2), [1, 1]);
  await graph.dispose();
});

Deno.test("addon graph: errors are sentences that name the file and the device", async () => {
  const graph = await openGraph({ path: tinyPath("tiny-llama-gqa") }, "cpu");
  await assert.rejects(() => graph.run({ input_ids: int([1]) }, ["logits"]), (error) => {
    assert.equal(faultOf(error)?.code, "inference_failed");
    assert.match((error as Error).message, /^Running model\.onnx failed: .*/);
    return true;
  });
  await graph.dispose();
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/broken.onnx`, "not a model");
    await assert.rejects(() => openGraph({ path: `${folder}/broken.onnx` }, "cpu"), (error) => {
      assert.equal(faultOf(error)?.code, "model_failed");
      assert.match((error as Error).message, /^Opening broken\.onnx on cpu failed: /);
      return true;
    });
    const source = { bytes: new Uint8Array(8), folder };
    await assert.rejects(
      () => openGraph(source, "cpu", { name: "tiny" }),
      /^Error: Opening tiny on cpu failed: /,
    );
  });
});

Deno.test("addon graph: the build's devices include the CPU", async () => {
  assert.ok((await listAddonDevices()).includes("cpu"));
});
