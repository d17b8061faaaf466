// Models whose tokenizer is not tokenizer.json: from the hub, from the cache, and for a model that another engine runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { findModel } from "../../lib/hub/load.ts";
import { findTokenizer } from "../../lib/hub/tokenizer.ts";
import type { HubSettings } from "../../lib/hub/fetch/settings.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import { readModelFolder } from "../../lib/hub/folder/folder.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { fakeHub } from "./fake_hub.ts";
import { CPU, quiet, settingsFor, smallRepository, WEIGHTS, withFolder } from "./support.ts";

const ID = "acme/tiny";
const OTHERS = {
  "vocab.json": '{"a":0,"b":1,"ab":2}',
  "merges.txt": "#version: 0.2\na b\n",
  "tokenizer_config.json": '{"tokenizer_class":"GPT2Tokenizer","eos_token":"<end>"}',
};

async function repository() {
  const { "tokenizer.json": _, ...files } = (await smallRepository())[ID]!;
  const texts = Object.entries(OTHERS).map(([name, text]) => [name, new TextEncoder().encode(text)]);
  return { [ID]: { ...files, ...Object.fromEntries(texts), "vocab.txt.bak": new Uint8Array(3) } };
}

Deno.test("vocab.json and merges.txt are fetched where there is no tokenizer.json, and read again offline", async () => {
  const hub = await fakeHub(await repository());
  try {
    await withFolder(async (cache) => {
      const roots = createModelRoots(cache);
      for (const offline of [false, false, true]) {
        const settings = settingsFor(hub.url, cache, { offline });
        const { model } = await findModel(ID, { roots, hub: settings, ...CPU, ...quiet() });
        const { json, eosTokenIds, bytes } = await model.tokenizer();
        const codec = createTextCodec(json, model.tokenizerConfig);
        assert.deepEqual(codec.encode("ab<end>a"), [2, 4, 0]); // after the class's own <|endoftext|>
        assert.ok(eosTokenIds.includes(4));
        assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes)), json);
        const known = { ...json, known: true }; // by a record of earlier loads
        assert.deepEqual((await model.tokenizer(() => Promise.resolve(known))).json, known);
        const alone = await findTokenizer(ID, { roots, hub: settings, ...quiet() });
        assert.deepEqual([alone.json, alone.bytes], [json, bytes]);
        assert.equal(alone.tokenizerConfig.bos_token, "<|endoftext|>");
      }
      assert.equal(hub.sent.get("vocab.json"), OTHERS["vocab.json"].length); // once, though the hub was asked again
    });
  } finally {
    await hub.close();
  }
});

Deno.test("a tokenizer of a class that is not read is refused with its name", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "config.json"), '{"model_type":"ctrl"}');
    await Deno.writeTextFile(join(folder, "model.onnx"), "graph");
    for (const [name, text] of Object.entries(OTHERS)) await Deno.writeTextFile(join(folder, name), text);
    const other = '{"tokenizer_class":"CTRLTokenizer"}';
    await Deno.writeTextFile(join(folder, "tokenizer_config.json"), other);
    const load = () => readModelFolder(folder, { id: "x", ...CPU });
    await assert.rejects(
      load(),
      /tokenizer\.json of the model x is missing; vocab\.json and merges\.txt cannot be read here \(a tokenizer of the class CTRLTokenizer\)/,
    );
    await Deno.remove(join(folder, "merges.txt"));
    await assert.rejects(load(), /is missing; vocab\.json cannot be read here\. Transformers writes/);
  }));

Deno.test("a tokenizer that cannot be read is refused before the weights are fetched", async () => {
  const files = (await repository())[ID];
  const text = '{"tokenizer_class":"CTRLTokenizer"}';
  const hub = await fakeHub({ [ID]: { ...files, "tokenizer_config.json": new TextEncoder().encode(text) } });
  try {
    await withFolder(async (cache) => {
      const options = {
        roots: createModelRoots(cache),
        hub: settingsFor(hub.url, cache),
        ...CPU,
        ...quiet(),
      };
      await assert.rejects(
        findModel(ID, options),
        /cannot be read here \(a tokenizer of the class CTRLTokenizer\)/,
      );
      assert.ok(hub.sent.has("vocab.json"));
      assert.ok(!hub.sent.has(WEIGHTS) && !hub.sent.has("onnx/model.onnx"));
    });
  } finally {
    await hub.close();
  }
});

Deno.test("other files in the cache do not hide the hub's tokenizer.json; without the hub they are the tokenizer", async () => {
  const files = (await smallRepository())[ID]!;
  const hub = await fakeHub({ [ID]: files });
  try {
    await withFolder(async (cache) => {
      const roots = createModelRoots(cache);
      const settings = settingsFor(hub.url, cache);
      const { model } = await findModel(ID, { roots, hub: settings, ...CPU, ...quiet() });
      const spoil = async () => { // as another program leaves it that has fetched some of the files
        await Deno.remove(join(model.folder, "tokenizer.json"));
        for (const [name, text] of Object.entries(OTHERS)) {
          await Deno.writeTextFile(join(model.folder, name), text);
        }
      };
      const gone = { ...settings, endpoint: "http://127.0.0.1:1" };
      const sizes = async (hub: typeof settings) => {
        const alone = await findTokenizer(ID, { roots, hub, ...quiet() });
        const { model } = await findModel(ID, { roots, hub, ...CPU, ...quiet() });
        const { json } = await model.tokenizer();
        return [alone.json, json].map((one) => Object.keys((one.model as { vocab: object }).vocab).length);
      };
      await spoil();
      for (const hub of [gone, { ...settings, offline: true }]) assert.deepEqual(await sizes(hub), [3, 3]);
      const [alone, loaded] = await sizes(settings);
      assert.ok(alone! > 100 && loaded! > 100, `${alone} ${loaded}`);
      await spoil();
      const again = await findModel(ID, { roots, hub: settings, ...CPU, ...quiet() });
      assert.ok((await again.model.tokenizer()).bytes.length > 1000);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("the tokenizer of a folder is the same beside weights and for another engine, whatever says its kind", () =>
  withFolder(async (folder) => {
    const { "tokenizer_config.json": _, ...others } = OTHERS;
    const genai = { model: { type: "qwen2", eos_token_id: [1, 2] } };
    const files = { ...others, "genai_config.json": JSON.stringify(genai), "model.onnx": "graph" };
    await Deno.mkdir(join(folder, "own"));
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, "own", name), text);
    }
    const model = await readModelFolder(join(folder, "own"), { id: "own", ...CPU });
    const { roots, hub } = {
      roots: createModelRoots(folder),
      hub: settingsFor("http://127.0.0.1:1", folder),
    };
    const alone = await findTokenizer("own", { roots, hub, ...quiet() });
    const { tokenizerConfig, chatTemplates } = model;
    assert.deepEqual(alone, { ...await model.tokenizer(), tokenizerConfig, chatTemplates });
    assert.equal(tokenizerConfig.pad_token, "<|endoftext|>"); // Qwen2's
    assert.deepEqual(alone.eosTokenIds.slice(0, 2), [1, 2]);
  }));

Deno.test("for another engine too the tokenizer may lie in a folder of the repository, and in the cache", async () => {
  const { "tokenizer.json": json } = (await smallRepository())[ID]!;
  const text = (value: string) => new TextEncoder().encode(value);
  const below = (folder: string, files: Record<string, Uint8Array>) => {
    const all = { ...files, "genai_config.json": text('{"model":{"eos_token_id":3}}') };
    return Object.fromEntries(Object.entries(all).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  };
  const others = Object.fromEntries(Object.entries(OTHERS).map(([name, file]) => [name, text(file)]));
  const hub = await fakeHub({
    "acme/one": { ...below("cuda/int4", {}), ...below("cpu/int4", { "tokenizer.json": json! }) },
    "acme/old": below("cpu/int4", others),
    "acme/many": { ...below("qwen-1.5B/cpu-int4", others), ...below("qwen-7B/cpu-int4", others) },
  });
  try {
    await withFolder(async (cache) => {
      const roots = createModelRoots(cache);
      const find = (id: string, offline = false) =>
        findTokenizer(id, { roots, hub: settingsFor(hub.url, cache, { offline }), ...quiet() });
      for (const [id, size] of [["acme/one", json!.length], ["acme/old", null]] as const) {
        const first = await find(id);
        assert.equal(first.eosTokenIds[0], 3);
        if (size !== null) assert.equal(first.bytes.length, size);
        assert.deepEqual(await find(id, true), first);
      }
      const asked = hub.seen.length;
      await find("acme/one");
      assert.equal(hub.seen.length, asked);
      assert.ok(
        [...hub.sent.keys()].every((path) => path.startsWith("cpu/int4/")),
        `${[...hub.sent.keys()]}`,
      );
      await assert.rejects(find("acme/many"), /several models in folders of their own/);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("tokenizer.json alone in the cache does not hide what the hub has beside it, such as a chat template", async () => {
  const config = new TextEncoder().encode('{"chat_template":"{{ messages }}"}');
  const hub = await fakeHub({ [ID]: { ...(await smallRepository())[ID]!, "tokenizer_config.json": config } });
  try {
    await withFolder(async (cache) => {
      const roots = createModelRoots(cache);
      const settings = settingsFor(hub.url, cache);
      const { model: { folder } } = await findModel(ID, { roots, hub: settings, ...CPU, ...quiet() });
      const readers = [
        (hub: HubSettings) => findTokenizer(ID, { roots, hub, ...quiet() }),
        async (hub: HubSettings) => (await findModel(ID, { roots, hub, ...CPU, ...quiet() })).model,
      ];
      for (const read of readers) {
        await Deno.remove(join(folder, "tokenizer_config.json")); // as a program leaves it that needs no other
        assert.deepEqual((await read({ ...settings, offline: true })).chatTemplates, {});
        assert.deepEqual((await read(settings)).chatTemplates, { default: "{{ messages }}" });
      }
    });
  } finally {
    await hub.close();
  }
});
