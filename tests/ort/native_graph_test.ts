import { strict as assert } from "node:assert";
import { openGraph } from "../../lib/ort/addon_graph.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { faultOf } from "../../lib/fault.ts";
import { toCPath, toCString } from "../../lib/ort/memory.ts";
import { openOrt } from "../../lib/ort/api.ts";
import { findLibrary, libraryPathOf } from "../../lib/ort/library.ts";
import type { Graph, Tensor } from "../../lib/ort/types.ts";
import { openLibrary } from "../runners/native_fixture.ts";

const MODELS = new URL("../fixtures/tiny-models/", import.meta.url).pathname;
const ROOT = new URL("../../", import.meta.url).pathname;

function int64(values: readonly number[]): Tensor {
  return { type: "int64", dims: [1, values.length], data: BigInt64Array.from(values, BigInt) };
}

/** Feeds for `ids` with an empty past, from nothing but the graph's own metadata. */
function feeds(graph: Graph, ids: readonly number[]): Record<string, Tensor> {
  const named: Record<string, Tensor> = {
    input_ids: int64(ids),
    attention_mask: int64(ids.map(() => 1)),
    position_ids: int64(ids.map((_, index) => index)),
    num_logits_to_keep: { type: "int64", dims: [], data: BigInt64Array.of(0n) },
  };
  return Object.fromEntries(graph.inputs.map(({ name, type, shape }) => {
    const data = type === "float16" ? new Uint16Array(0) : new Float32Array(0);
    return [name, named[name] ?? { type, dims: [1, Number(shape[1]), 0, Number(shape[3])], data }];
  }));
}

for (
  const path of [
    "tiny-gpt2/onnx/model.onnx",
    "tiny-llama-gqa/onnx/model_q4f16.onnx",
    "tiny-llama-gqa-keep/onnx/model_q4.onnx", // external weights
    "tiny-qwen3/onnx/model_fp16.onnx",
  ]
) {
  Deno.test(`native graph: ${path} describes itself and runs as through the addon`, async () => {
    const ort = openLibrary();
    const addon = await openGraph({ path: MODELS + path }, "cpu");
    const bytes = await Deno.readFile(MODELS + path);
    const folder = MODELS + path.replace(/\/[^/]*$/, "");
    for (const source of [{ path: MODELS + path }, { bytes, folder }]) {
      const native = await openNativeGraph(ort, source);
      assert.deepEqual(native.inputs, addon.inputs);
      assert.deepEqual(native.outputs, addon.outputs);
      const want = native.outputs.map((output) => output.name);
      const given = feeds(native, [5, 6, 7]);
      const [ours, theirs] = [await native.run(given, want), await addon.run(given, want)];
      assert.deepEqual(Object.keys(ours), want);
      for (const name of want) assert.deepEqual(ours[name], theirs[name], name);
      await native.dispose();
    }
    await addon.dispose();
  });
}

Deno.test("native graph: wrong feeds are errors, not crashes", async () => {
  const graph = await openNativeGraph(openLibrary(), { path: `${MODELS}tiny-gpt2/onnx/model.onnx` });
  const good = feeds(graph, [1, 2]);
  const run = (change: Record<string, Tensor>) => graph.run({ ...good, ...change }, ["logits"]);
  await assert.rejects(() => graph.run({}, ["logits"]), /needs the input "input_ids"/);
  await assert.rejects(() => run({ input_ids: { ...int64([1, 2]), dims: [1, 3] } }), RangeError);
  await assert.rejects(() => run({ input_ids: { ...int64([1, 2]), type: "float32" } }), RangeError);
  await assert.rejects(() => run({ nonsense: int64([1]) }), { message: /nonsense/ });
  await assert.rejects(() => graph.run(good, ["nonsense"]), { message: /nonsense/ });
  const fault = await run({ input_ids: int64([99999, 1]) }).then(() => null, faultOf);
  assert.equal(fault?.code, "inference_failed");
  assert.equal((await graph.run(good, ["logits"]))["logits"]?.dims.length, 3); // still good
  await graph.dispose();
});

Deno.test("native graph: what cannot be opened is a fault that names it", async () => {
  const ort = openLibrary();
  const broken = new URL("../fixtures/broken-models/", import.meta.url).pathname;
  const bytes = new Uint8Array(await Deno.readFile(`${MODELS}tiny-llama-gqa-keep/onnx/model_q4.onnx`));
  const sources = [
    { path: `${MODELS}absent.onnx` },
    { path: `${broken}truncated-onnx/onnx/model_q4f16.onnx` },
    { bytes: new Uint8Array([8, 1, 2]), folder: MODELS },
    { bytes, folder: `${MODELS}tiny-gpt2` }, // its weights are elsewhere
  ];
  for (const source of sources) {
    const error: unknown = await openNativeGraph(ort, source).then(() => null, (reason: unknown) => reason);
    assert.equal(faultOf(error)?.code, "model_failed");
    assert.match(
      String(error),
      "path" in source ? /Opening (absent|model_q4f16)\.onnx failed/ : /the model in/,
    );
  }
});

Deno.test("native graph: overlapping runs, abort and dispose", async () => {
  const graph = await openNativeGraph(openLibrary(), { path: `${MODELS}tiny-gpt2/onnx/model.onnx` });
  const given = [[1, 2, 3], [4, 5], [6]].map((ids) => feeds(graph, ids));
  const alone: Record<string, Tensor>[] = [];
  for (const one of given) alone.push(await graph.run(one, ["logits"]));
  assert.deepEqual(await Promise.all(given.map((one) => graph.run(one, ["logits"]))), alone);

  const first = given[0] ?? {};
  await assert.rejects(() => graph.run(first, ["logits"], { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  const late = new AbortController();
  await graph.run(first, ["logits"], { signal: late.signal });
  late.abort(); // after the end: nobody listens
  const pending = graph.run(first, ["logits"]).then(() => "done", (error: Error) => error.name);
  await Promise.all([graph.dispose(), graph.dispose()]);
  assert.equal(await pending, "AbortError");
  await assert.rejects(() => graph.run(first, ["logits"]), { name: "AbortError" });
});

Deno.test("the library's place by system, and paths in its encoding", () => {
  assert.equal(libraryPathOf("linux", "x86_64"), "bin/napi-v6/linux/x64/libonnxruntime.so.1");
  assert.equal(libraryPathOf("darwin", "aarch64"), "bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib");
  assert.equal(libraryPathOf("windows", "x86_64"), "bin/napi-v6/win32/x64/onnxruntime.dll");
  assert.equal(libraryPathOf("freebsd", "x86_64"), null);
  for (const root of [ROOT, ROOT.replace(/\/$/, ""), "/nowhere"]) {
    assert.ok(Deno.statSync(findLibrary(root)).isFile);
  }
  assert.throws(() => openOrt("/nowhere/libonnxruntime.so.1"));
  assert.deepEqual([...toCString("é")], [0xc3, 0xa9, 0]);
  assert.deepEqual([...toCPath("é", "linux")], [0xc3, 0xa9, 0]);
  assert.deepEqual([...toCPath("aé", "windows")], [0x61, 0, 0xe9, 0, 0, 0]);
});
