import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { graphNaming } from "../support.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { estimateMemory } from "../../../lib/hub/folder/memory.ts";

const FIXTURES = join(import.meta.dirname!, "..", "..", "fixtures");
const TINY = join(FIXTURES, "tiny-models");
const BROKEN = join(FIXTURES, "broken-models");

/** What the fixtures' own config files say, written out by hand. */
const EXPECTED = {
  "tiny-gpt2": { eos: [359], context: 96, chat: false, cpu: "fp32", gpu: "fp16" },
  "tiny-llama-decomposed": { eos: [2], context: 128, chat: true, cpu: "fp32", gpu: "fp16" },
  "tiny-llama-gqa": { eos: [380, 383], context: 128, chat: true, cpu: "fp32", gpu: "fp16" },
  "tiny-llama-gqa-keep": { eos: [2], context: 128, chat: true, cpu: "fp32", gpu: "q4f16" },
  "tiny-qwen2-decomposed": { eos: [375, 373], context: 128, chat: true, cpu: "fp32", gpu: "q4f16" },
  "tiny-qwen3": { eos: [373], context: 128, chat: true, cpu: "fp32", gpu: "fp16" },
};

for (const [id, expected] of Object.entries(EXPECTED)) {
  Deno.test(`${id}: config, ids and the file for each device`, async () => {
    const model = await readModelFolder(join(TINY, id), { id, device: "cpu" });
    assert.deepEqual((await model.tokenizer()).eosTokenIds, expected.eos);
    assert.equal(model.contextLength, expected.context);
    assert.equal("default" in model.chatTemplates, expected.chat);
    assert.equal(model.quantization, expected.cpu);
    assert.equal(model.arithmetic, "float32");
    assert.equal((await Deno.stat(model.onnxPath)).size, model.bytes);
    const onGpu = await readModelFolder(join(TINY, id), { id, device: "cuda" });
    assert.equal(onGpu.quantization, expected.gpu);
    assert.equal(onGpu.arithmetic, "float16");
  });
}

Deno.test("bytes count the external data, and a requested dtype wins", async () => {
  const folder = join(TINY, "tiny-llama-gqa-keep");
  const model = await readModelFolder(folder, { id: "keep", device: "cuda", variant: "q4" });
  assert.equal(model.quantization, "q4");
  assert.deepEqual(model.file.external, ["onnx/model_q4.onnx_data"]);
  assert.equal(model.bytes, 21696 + 148480);
});

Deno.test("a dtype that is not there is refused with those that are", async () => {
  const read = readModelFolder(join(TINY, "tiny-gpt2"), { id: "tiny-gpt2", device: "cpu", variant: "q4" });
  await assert.rejects(read, /tiny-gpt2 has no q4 file; it has fp32, fp16, q8/);
});

Deno.test("the parameter estimate is that of the weights in the file", async () => {
  const model = await readModelFolder(join(TINY, "tiny-gpt2"), { id: "tiny-gpt2", device: "cpu" });
  assert.ok(model.parameters !== null && Math.abs(model.parameters * 4 / model.bytes - 1) < 0.5);
});

/** Reads the folder, then its tokenizer. */
async function readWhole(folder: string, id: string) {
  return await (await readModelFolder(folder, { id, device: "cpu" })).tokenizer();
}

for (const name of ["invalid-tokenizer-json", "missing-external-data", "missing-onnx"]) {
  Deno.test(`broken folder ${name}: the sentence names what is wrong`, async () => {
    const expect = JSON.parse(await Deno.readTextFile(join(BROKEN, name, "expect.json")));
    await assert.rejects(readWhole(join(BROKEN, name), name), (error: Error) => {
      assert.equal(faultOf(error)?.code, "model_failed");
      for (const word of expect.message_should_mention) {
        assert.ok(error.message.includes(word), error.message);
      }
      return true;
    });
  });
}

Deno.test("a truncated graph is none of this reader's business: the folder itself is whole", async () => {
  const model = await readModelFolder(join(BROKEN, "truncated-onnx"), {
    id: "truncated-onnx",
    device: "cpu",
  });
  assert.equal(model.quantization, "q4f16");
});

/** A copy of the smallest fixture with some files replaced (null = removed). */
async function variant(changes: Record<string, string | null>, run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "onnx"));
    const source = join(TINY, "tiny-gpt2");
    for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"]) {
      await Deno.copyFile(join(source, name), join(folder, name));
    }
    await Deno.writeTextFile(join(folder, "onnx", "model.onnx"), "graph");
    for (const [name, text] of Object.entries(changes)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      if (text === null) await Deno.remove(join(folder, name));
      else await Deno.writeTextFile(join(folder, name), text);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const REFUSED: [string, Record<string, string | null>, RegExp][] = [
  ["config.json that is no object", { "config.json": "[1]" }, /config\.json .* JSON object/],
  ["config.json cut off", { "config.json": '{"model_type":' }, /config\.json .* not valid JSON/],
  [
    "a Git LFS pointer",
    { "tokenizer.json": "version https://git-lfs.github.com/spec/v1\noid sha256:ab\n" },
    /tokenizer\.json .* is a Git LFS pointer/,
  ],
  ["no tokenizer.json", { "tokenizer.json": null }, /tokenizer\.json .* is missing/],
  [
    "an encoder-decoder",
    { "config.json": '{"model_type":"t5","is_encoder_decoder":true}' },
    /encoder-decoder/,
  ],
  ["a vision model", { "config.json": '{"model_type":"x","vision_config":{}}' }, /vision inputs/],
  [
    "a classifier",
    { "config.json": '{"model_type":"bert","architectures":["BertForSequenceClassification"]}' },
    /does not write text/,
  ],
  [
    "an encoder beside the model",
    { "onnx/vision_encoder_q4.onnx": "x" },
    /vision_encoder_q4\.onnx .* encoder/,
  ],
  [
    "another layout",
    { "onnx/model.onnx": null, "onnx/decoder_with_past_model.onnx": "x" },
    /only onnx\/decoder_with_past_model\.onnx/,
  ],
];
for (const [name, changes, sentence] of REFUSED) {
  Deno.test(`refused: ${name}`, () =>
    variant(changes, async (folder) => {
      await assert.rejects(readWhole(folder, "x"), (error: Error) => {
        assert.equal(faultOf(error)?.code, "model_failed");
        assert.match(error.message, sentence);
        return true;
      });
    }));
}

Deno.test("the optional files may be missing, and the top level is a place for the graph", () =>
  variant(
    {
      "generation_config.json": null,
      "tokenizer_config.json": null,
      "onnx/model.onnx": null,
      "model_fp16.onnx": "x",
    },
    async (folder) => {
      const model = await readModelFolder(folder, { id: "x", device: "cpu" });
      assert.deepEqual((await model.tokenizer()).eosTokenIds, [359]);
      assert.equal(model.onnxPath, join(folder, "model_fp16.onnx"));
      assert.deepEqual(model.chatTemplates, {});
    },
  ));

Deno.test("chat templates: a list of named ones, and files of which each counts more than the whole list", async () => {
  const list = JSON.stringify({
    chat_template: [{ name: "tool", template: "T" }, { name: "default", template: "D" }],
  });
  const found: [files: Record<string, string>, templates: Record<string, string>][] = [
    [{}, { tool: "T", default: "D" }],
    [{ "chat_template.jinja": "J" }, { default: "J" }],
    [{ "additional_chat_templates/rag.jinja": "R" }, { rag: "R" }],
    [
      {
        "chat_template.jinja": "J",
        "additional_chat_templates/rag.jinja": "R",
        "additional_chat_templates/x.txt": "X",
      },
      { default: "J", rag: "R" },
    ],
    [{ "tokenizer_config.json": '{"chat_template":"C"}' }, { default: "C" }],
  ];
  for (const [files, templates] of found) {
    await variant({ "tokenizer_config.json": list, ...files }, async (folder) => {
      assert.deepEqual((await readModelFolder(folder, { id: "x", device: "cpu" })).chatTemplates, templates);
    });
  }
});

Deno.test("numbers that Python writes and JSON has not are read, in texts they stay", async () => {
  const config =
    '{"model_type":"mamba2","time_step_limit":[0.0, Infinity],"a":-Infinity,"b":NaN,"c":"\\"NaN"}';
  await variant({ "config.json": config }, async (folder) => {
    const { config } = await readModelFolder(folder, { id: "x", device: "cpu" });
    const read = { model_type: "mamba2", time_step_limit: [0, Infinity], a: -Infinity, b: null, c: '"NaN' };
    assert.deepEqual(config, read);
  });
});

Deno.test("special_tokens_map.json and added_tokens.json are read where the tokenizer's config is older", async () => {
  const map = '{"bos_token":"<map>"}';
  const files = { "tokenizer_config.json": '{"bos_token":"<config>"}', "special_tokens_map.json": map };
  const read = async (folder: string) =>
    (await readModelFolder(folder, { id: "x", device: "cpu" })).tokenizerConfig.bos_token;
  await variant(files, async (folder) => assert.equal(await read(folder), "<map>"));
  await variant({ "tokenizer_config.json": "{}", "added_tokens.json": '{"<x>":7}' }, async (folder) => {
    const { tokenizerConfig } = await readModelFolder(folder, { id: "x", device: "cpu" });
    assert.deepEqual(tokenizerConfig, { added_tokens_file: { "<x>": 7 } });
  });
  const newer = '{"bos_token":"<config>","added_tokens_decoder":{}}';
  await variant({ ...files, "tokenizer_config.json": newer }, async (folder) => {
    assert.equal(await read(folder), "<config>");
  });
});

Deno.test("the graph itself says which files hold its weights, whatever they are called", async () => {
  const copied = await Deno.makeTempDir();
  try {
    await writeCopy(copied, graphNaming("weights.bin", "more/part.bin"));
    const read = (root?: string) =>
      readModelFolder(copied, { id: "named", device: "cpu", ...(root === undefined ? {} : { root }) });
    await assert.rejects(read(), /The file onnx\/weights\.bin of the model named is missing/);
    await Deno.writeFile(join(copied, "onnx/weights.bin"), new Uint8Array(30));
    await Deno.mkdir(join(copied, "onnx/more"));
    await Deno.symlink("/etc/hostname", join(copied, "onnx/more/part.bin"));
    await assert.rejects(read(copied), /onnx\/more\/part\.bin is a link that leads out of the models folder/);
    await Deno.remove(join(copied, "onnx/more/part.bin"));
    await Deno.writeFile(join(copied, "onnx/more/part.bin"), new Uint8Array(12));
    const { file, bytes } = await read(copied);
    assert.deepEqual(file.external, ["onnx/weights.bin", "onnx/more/part.bin"]);
    assert.equal(bytes, graphNaming("weights.bin", "more/part.bin").length + 42);
    for (const name of ["w\0.bin", "w".repeat(300)]) { // no file can be called so
      await writeCopy(copied, graphNaming(name));
      await assert.rejects(read(), /The file onnx\/w.* of the model named is missing/);
    }
    await writeCopy(copied, graphNaming(""));
    await assert.rejects(read(), /onnx\/model\.onnx does not say which file holds its weights/);
    await writeCopy(copied, graphNaming("../../secret.bin"));
    await assert.rejects(read(), /refers to weights outside its own folder: "\.\.\/\.\.\/secret\.bin"/);
  } finally {
    await Deno.remove(copied, { recursive: true });
  }
});

async function writeCopy(folder: string, graph: Uint8Array<ArrayBuffer>): Promise<void> {
  for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    await Deno.copyFile(join(TINY, "tiny-gpt2", name), join(folder, name));
  }
  await Deno.mkdir(join(folder, "onnx"), { recursive: true });
  await Deno.writeFile(join(folder, "onnx/model.onnx"), graph);
}

const ODD: readonly unknown[] = [null, "", "x", "7", 0, -1, 1.5, 1e12, 1e300, true, [], [1], [null], {}, {
  a: 1,
}];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "config.json": [
    ...["model_type", "architectures", "is_encoder_decoder", "vision_config", "text_config", "vocab_size"],
    ...["max_position_embeddings", "n_positions", "n_ctx", "n_embd", "n_layer", "n_head", "hidden_size"],
    ...["num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "intermediate_size"],
    ...["eos_token_id", "tie_word_embeddings"],
  ],
  "generation_config.json": ["eos_token_id"],
  "tokenizer_config.json": [
    ...[
      "eos_token",
      "bos_token",
      "chat_template",
      "model_max_length",
      "added_tokens_decoder",
      "extra_special_tokens",
    ],
  ],
  "special_tokens_map.json": ["eos_token", "additional_special_tokens"],
};

Deno.test("odd values in the small files: a model with sound numbers, or a sentence", async () => {
  const source = join(TINY, "tiny-gpt2");
  for (const [file, fields] of Object.entries(FIELDS)) {
    const there = await Deno.readTextFile(join(source, file)).then(JSON.parse, () => ({}));
    for (const field of fields) {
      for (const value of ODD) {
        await variant({ [file]: JSON.stringify({ ...there, [field]: value }) }, async (folder) => {
          const name = `${file} ${field} ${JSON.stringify(value)}`;
          try {
            const model = await readModelFolder(folder, { id: "odd", device: "cpu" });
            const { eosTokenIds } = await model.tokenizer();
            assert.ok(Number.isSafeInteger(model.contextLength) && model.contextLength > 0, name);
            assert.ok(eosTokenIds.every((id) => Number.isSafeInteger(id) && id >= 0), name);
            const need = estimateMemory(model.file, model.config, "cpu");
            assert.ok(need > 0 && !Number.isNaN(need), name);
            assert.ok(model.parameters === null || model.parameters > 0, name);
            assert.ok(Object.values(model.chatTemplates).every((text) => typeof text === "string"), name);
          } catch (error) {
            if (error instanceof assert.AssertionError) throw error;
            assert.equal(faultOf(error)?.code, "model_failed", `${name}: ${error}`);
          }
        });
      }
    }
  }
});
