// Graphs under names that no exporter of the hub gives them, and folders that do not say what kind of model they hold.
import assert from "node:assert/strict";
import { join } from "node:path";
import { findModel } from "../../../lib/hub/load.ts";
import { createModelRoots } from "../../../lib/hub/resolve.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { describeFolder } from "../../../lib/hub/folder/local.ts";
import { chooseGenaiFolders, findModelsIn } from "../../../lib/hub/folder/genai.ts";
import { listAvailable } from "../../../lib/hub/available.ts";
import { createModelLists } from "../../../lib/hub/model_lists.ts";
import { cachePathsOf } from "../../../lib/hub/cache/cache.ts";
import { findCached } from "../../../lib/hub/cache/find.ts";
import { smallFilesOf } from "../../../lib/hub/folder/small_files.ts";
import { readTemplateFiles } from "../../../lib/hub/folder/template_files.ts";
import { findModelFiles } from "../../../lib/hub/folder/variants.ts";
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
  findModelFiles(paths.map((path) => ({ path, bytes: 1 })), named).map((
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

Deno.test("parts are known by their names in any case", () => {
  const parts = ["encoder", "decoder_with_past", "vision", "audio", "speech", "image", "embeds", "tokenizer"];
  for (const part of [...parts, "processor", "lm_head"]) {
    for (const name of [part, part.toUpperCase(), `phi-3-${part[0]!.toUpperCase()}${part.slice(1)}`]) {
      assert.deepEqual(namesOf([`${name}.onnx`, "Phi-3.onnx"]), [["Phi-3.onnx", "other"]], name);
    }
  }
});

Deno.test("the plain name is fp32 beside others, once", () => {
  assert.deepEqual(namesOf(["onnx/model_fp32.onnx", "onnx/model.onnx", "onnx/model_q4.onnx"]), [
    ["onnx/model.onnx", "fp32"],
    ["onnx/model_q4.onnx", "q4"],
  ]);
  assert.deepEqual(namesOf(["smollm.fp16.onnx", "smollm.fp32.onnx", "smollm.onnx", "smollm.q4.onnx"]), [
    ["smollm.fp16.onnx", "fp16"],
    ["smollm.onnx", "fp32"],
    ["smollm.q4.onnx", "q4"],
  ]);
});

Deno.test("folders of several models are told from those of several forms of one", () => {
  const phi = ["cpu_and_mobile/cpu-int4-rtn-block-32/", "cpu_and_mobile/cpu-int4-rtn-block-32-acc-level-4/"];
  assert.equal(findModelsIn(phi).length, 1);
  assert.equal(
    findModelsIn(["cpu-int4-rtn-block-32/", "cpu-int4-rtn-block-32-acc-level-4/", "onnx_fp32/"]).length,
    1,
  );
  const qwen = ["qwen-1.5B/cpu_and_mobile/cpu-int4/", "qwen-7B/cpu_and_mobile/cpu-int4/"];
  assert.deepEqual(findModelsIn(qwen), ["qwen-1.5B", "qwen-7B"]);
  assert.deepEqual(findModelsIn([]), []);
  assert.deepEqual(chooseGenaiFolders(["a/b/c/d/", "a/b/c/", "a/gpu/", "NPU/int4/"]), ["a/b/c/"]);
  assert.deepEqual(chooseGenaiFolders(["long-input/", "webgpu/"]), ["long-input/"]);
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
        const options = { roots: createModelRoots(cache), hub: settings, ...CPU, ...quiet() };
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

Deno.test("several models in one repository: genai_config.json chooses; in folders they are refused by name", async () => {
  const { [WEIGHTS]: _, "onnx/model.onnx": __, "config.json": ___, ...small } =
    (await smallRepository())["acme/tiny"]!;
  const genai = { model: { type: "phi3", context_length: 77, decoder: { filename: "b.onnx" } } };
  const config = new TextEncoder().encode(JSON.stringify(genai));
  const one = { ...small, "genai_config.json": config, "a.onnx": graphNaming(), "b.onnx": graphNaming() };
  const below = (folder: string) =>
    Object.fromEntries(Object.entries(one).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  const hub = await fakeHub({
    "acme/two": one,
    "acme/inside": below("cpu/int4"),
    "acme/many": { ...below("qwen-1.5B/cpu-int4"), ...below("qwen-7B/cpu-int4") },
  });
  try {
    await withFolder(async (cache) => {
      const load = (id: string, offline = false) =>
        findModel(id, {
          roots: createModelRoots(cache),
          hub: settingsFor(hub.url, cache, { offline }),
          ...CPU,
          ...quiet(),
        });
      for (const id of ["acme/two", "acme/inside"]) {
        for (const offline of [false, true]) {
          assert.equal((await load(id, offline)).model.file.path, "b.onnx");
        }
      }
      assert.ok(![...hub.sent.keys()].some((path) => path.endsWith("a.onnx")));
      await assert.rejects(
        load("acme/many"),
        /several models in folders of their own \(qwen-1\.5B, qwen-7B\)/,
      );
      const snapshot = (await load("acme/inside", true)).model.folder.replace(/cpu.int4.?$/, "");
      const cached = () => findCached(cache, "acme/inside", null, {});
      assert.ok(await cached() !== null);
      await Deno.mkdir(join(snapshot, "qwen-7B"));
      await Deno.writeTextFile(join(snapshot, "qwen-7B", "genai_config.json"), "{}");
      assert.equal(await cached(), null);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("from the hub too: the small files that are there are fetched, and read again offline", async () => {
  const { "config.json": _, "onnx/model.onnx": graph, ...files } = (await smallRepository())["acme/tiny"]!;
  const own: Record<string, Uint8Array> = { ...files, "onnx/own.onnx": graph! };
  const repositories = { "acme/tiny": own };
  const hub = await fakeHub(repositories);
  try {
    await withFolder(async (cache) => {
      for (const offline of [false, true]) {
        const settings = settingsFor(hub.url, cache, { offline });
        const { model } = await findModel("acme/tiny", {
          roots: createModelRoots(cache),
          hub: settings,
          ...CPU,
          ...quiet(),
        });
        assert.deepEqual([model.config, model.file.path, model.file.external], [{}, "onnx/own.onnx", [
          WEIGHTS,
        ]]);
      }
      const roots = createModelRoots(cache);
      const gone = settingsFor("http://127.0.0.1:1", cache);
      const { model } = await findModel("acme/tiny", { roots, hub: gone, ...CPU, ...quiet() });
      assert.equal(model.file.path, "onnx/own.onnx");
      const listed = (await listAvailable({ roots, hub: gone, device: "cpu" })).find(({ id }) =>
        id === "acme/tiny"
      );
      assert.equal(listed?.cached, true);
      const { files } = await createModelLists(roots, gone).variants("acme/tiny", "cpu", quiet().signal);
      assert.deepEqual(files.map(({ file, cached }) => [file, cached]), [["onnx/own.onnx", true]]);
      const found = hub.seen.length;
      await findModel("acme/tiny", { roots, hub: settingsFor(hub.url, cache), ...CPU, ...quiet() });
      assert.equal(hub.seen.length, found); // that there is no config is known
      await Deno.remove(join(cachePathsOf(cache, "acme/tiny").folder, ".no_exist"), { recursive: true });
      const encoder = new TextEncoder().encode('{"model_type":"t5","is_encoder_decoder":true}');
      repositories["acme/tiny"]["config.json"] = encoder; // what the hub says counts, where it says something
      const asked = { roots, hub: settingsFor(hub.url, cache), ...CPU, ...quiet() };
      await assert.rejects(findModel("acme/tiny", asked), /encoder-decoder/);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("files named as what every object inherits are no variants, and templates like others", async () => {
  assert.deepEqual(namesOf(["onnx/model.onnx", "onnx/model_constructor.onnx"]), [[
    "onnx/model.onnx",
    "fp32",
  ]]);
  const folder = await Deno.makeTempDir();
  try {
    const path = "additional_chat_templates/__proto__.jinja";
    await Deno.mkdir(join(folder, "additional_chat_templates"));
    await Deno.writeTextFile(join(folder, path), "x");
    const templates = await readTemplateFiles(smallFilesOf(folder, "m", [{ path, bytes: 1 }]));
    assert.deepEqual(Object.entries(templates), [["__proto__", "x"]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
