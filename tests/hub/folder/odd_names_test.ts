// Graphs under names that no exporter of the hub gives them, and folders that do not say what kind of model they hold.
import assert from "node:assert/strict";
import { join } from "node:path";
import { findModel } from "../../../lib/hub/load.ts";
import { modelRoots } from "../../../lib/hub/resolve.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { describeFolder } from "../../../lib/hub/folder/local.ts";
import { modelFiles } from "../../../lib/hub/folder/variants.ts";
import { fakeHub } from "../fake_hub.ts";
import {
  CPU,
  graphNaming,
  quiet,
  settingsFor,
  smallRepository,
  TINY,
  WEIGHTS,
  withFolder,
} from "../support.ts";

const namesOf = (paths: readonly string[], named: string | null = null) =>
  modelFiles(paths.map((path) => ({ path, bytes: 1 })), named).map((
    { path, quantization },
  ) => [path, quantization]);

Deno.test("the only graph is the model's, whatever it is called", () => {
  assert.deepEqual(namesOf(["my-llm.onnx", "my-llm.onnx.data", "x.txt"]), [["my-llm.onnx", "other"]]);
  assert.deepEqual(namesOf(["onnx/gpt2-10.onnx", "lm.onnx"]), [["onnx/gpt2-10.onnx", "other"]]);
  const genai = "phi3-mini-4k-instruct-cpu-int4-rtn-block-32-acc-level-4.onnx";
  assert.deepEqual(namesOf([genai, `${genai}.data`]), [[genai, "int4"]]);
  assert.deepEqual(
    namesOf(["llm-fp16.onnx", "llm-INT8.onnx", "tokenizer.onnx", "decoder_with_past_model.onnx"]),
    [
      ["llm-fp16.onnx", "fp16"],
      ["llm-INT8.onnx", "int8"],
    ],
  );
});

Deno.test("of several models that of genai_config.json is taken, else none; usual names come first", () => {
  assert.deepEqual(namesOf(["a.onnx", "b.onnx"]), []);
  assert.deepEqual(namesOf(["a.onnx", "b.onnx"], "b.onnx"), [["b.onnx", "other"]]);
  assert.deepEqual(namesOf(["onnx/decoder_with_past_model.onnx", "vision_embeddings.onnx"]), []);
  assert.deepEqual(namesOf(["odd.onnx", "onnx/model_int4.onnx", "onnx/model_fp32.onnx"]), [
    ["onnx/model_int4.onnx", "int4"],
    ["onnx/model_fp32.onnx", "fp32"],
  ]);
});

Deno.test("a folder without config.json is a model where it has a graph and a tokenizer", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.onnx"), "graph");
    await Deno.writeTextFile(join(folder, "b.onnx"), "graph");
    const described = () => describeFolder(folder, "x", { ...CPU, bundled: false });
    assert.equal(await described(), null);
    await Deno.copyFile(join(TINY, "tiny-gpt2", "tokenizer.json"), join(folder, "tokenizer.json"));
    await assert.rejects(
      readModelFolder(folder, { id: "x", ...CPU }),
      /it has only a\.onnx, b\.onnx\.$/,
    );
    await Deno.remove(join(folder, "a.onnx"));
    assert.deepEqual((await described())?.dtype, "other");
    const { config, contextLength, file } = await readModelFolder(folder, {
      id: "x",
      ...CPU,
      variant: "other",
    });
    assert.deepEqual([config, contextLength, file.path], [{}, 2048, "b.onnx"]);
    await Deno.writeTextFile(join(folder, "a.onnx"), "graph");
    const genai = { model: { type: "phi3", context_length: 99, decoder: { filename: "a.onnx" } } };
    await Deno.writeTextFile(join(folder, "genai_config.json"), JSON.stringify(genai));
    const named = await readModelFolder(folder, { id: "x", ...CPU });
    assert.deepEqual([named.contextLength, named.file.path], [99, "a.onnx"]);
  }));

Deno.test("a config that does not say what kind of model it is leaves that to the graph", () =>
  withFolder(async (folder) => {
    await Deno.copyFile(join(TINY, "tiny-gpt2", "tokenizer.json"), join(folder, "tokenizer.json"));
    await Deno.writeTextFile(join(folder, "model.onnx"), "graph");
    const config = { architectures: ["GPT2LMHeadModel"], n_positions: 99 };
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(config));
    assert.equal((await readModelFolder(folder, { id: "x", ...CPU })).contextLength, 99);
    const other = { ...config, architectures: ["BertForMaskedLM"] };
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(other));
    await assert.rejects(
      readModelFolder(folder, { id: "x", ...CPU }),
      /^Error: x cannot run here: its architecture/,
    );
  }));

Deno.test("a repository of onnxruntime-genai: the plainest folder for the processor, also offline", async () => {
  const { [WEIGHTS]: data, "tokenizer.json": tokenizer } = (await smallRepository())["acme/tiny"]!;
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const model = (name: string) => ({
    "genai_config.json": text({ model: { type: "phi3", context_length: 77, decoder: { filename: name } } }),
    ...{ "tokenizer.json": tokenizer!, [name]: graphNaming(`${name}.data`), [`${name}.data`]: data! },
  });
  const folders = {
    "cuda/cuda-int4/": model("phi3-cuda-int4.onnx"),
    "cpu_and_mobile/cpu-int4-rtn-block-32-acc-level-4/": model("phi3-cpu-int4-acc.onnx"),
    "cpu_and_mobile/cpu-int4-rtn-block-32/": model("phi3-cpu-int4.onnx"),
  };
  const files = Object.entries(folders).flatMap(([folder, files]) =>
    Object.entries(files).map(([name, bytes]) => [folder + name, bytes])
  );
  const hub = await fakeHub({ "acme/phi": { "README.md": text(""), ...Object.fromEntries(files) } });
  try {
    await withFolder(async (cache) => {
      for (const offline of [false, true]) {
        const settings = settingsFor(hub.url, cache, { offline });
        const options = { roots: modelRoots(cache), hub: settings, ...CPU, ...quiet() };
        const { model, notice } = await findModel("acme/phi", options);
        assert.match(model.folder, /snapshots\/[0-9a-f]{40}\/cpu_and_mobile\/cpu-int4-rtn-block-32\/?$/);
        assert.deepEqual([model.file.path, model.contextLength], ["phi3-cpu-int4.onnx", 77]);
        assert.equal(model.file.external[0], "phi3-cpu-int4.onnx.data");
        if (!offline) assert.match(notice!, /that in cpu_and_mobile\/cpu-int4-rtn-block-32 is used/);
      }
      const sent = [...hub.sent.keys()];
      const inside = "cpu_and_mobile/cpu-int4-rtn-block-32/";
      assert.ok(sent.length > 0 && sent.every((path) => path.startsWith(inside)), `${sent}`);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("from the hub too: the small files that are there are fetched, and read again offline", async () => {
  const { "config.json": _, "onnx/model.onnx": graph, ...files } = (await smallRepository())["acme/tiny"]!;
  const hub = await fakeHub({ "acme/tiny": { ...files, "onnx/own.onnx": graph! } });
  try {
    await withFolder(async (cache) => {
      for (const offline of [false, true]) {
        const settings = settingsFor(hub.url, cache, { offline });
        const { model } = await findModel("acme/tiny", {
          roots: modelRoots(cache),
          hub: settings,
          ...CPU,
          ...quiet(),
        });
        assert.deepEqual([model.config, model.file.path, model.file.external], [{}, "onnx/own.onnx", [
          WEIGHTS,
        ]]);
      }
    });
  } finally {
    await hub.close();
  }
});
