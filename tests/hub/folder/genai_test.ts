// Folders that onnxruntime-genai wrote: genai_config.json stands for config.json.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { asConfig } from "../../../lib/hub/folder/genai.ts";
import { estimateParameters } from "../../../lib/hub/folder/config.ts";
import { describeFolder } from "../../../lib/hub/folder/local.ts";
import { CPU, TINY, withFolder } from "../support.ts";

const MODEL = {
  type: "phi3",
  context_length: 512,
  eos_token_id: [7, 8],
  vocab_size: 400,
  decoder: {
    filename: "model.onnx",
    head_size: 16,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_key_value_heads: 2,
  },
};

async function write(folder: string, model: unknown): Promise<void> {
  await Deno.copyFile(join(TINY, "tiny-gpt2", "tokenizer.json"), join(folder, "tokenizer.json"));
  await Deno.writeTextFile(join(folder, "model.onnx"), "graph");
  await Deno.writeTextFile(join(folder, "genai_config.json"), JSON.stringify({ model }));
}

Deno.test("a folder of onnxruntime-genai without a config.json is a model", () =>
  withFolder(async (folder) => {
    await write(folder, MODEL);
    const { config, contextLength, tokenizer } = await readModelFolder(folder, { id: "x", ...CPU });
    assert.deepEqual([config.model_type, config.head_dim, contextLength], ["phi3", 16, 512]);
    assert.deepEqual((await tokenizer()).eosTokenIds, [7, 8]);
    const listed = await describeFolder(folder, "x", { ...CPU, bundled: false });
    assert.equal(listed?.parameters, estimateParameters(config));
    assert.ok(listed!.parameters! > 0);
  }));

Deno.test("one that needs more than text is refused as its config.json would be", () =>
  withFolder(async (folder) => {
    await write(folder, { ...MODEL, vision: { filename: "vision.onnx" } });
    await assert.rejects(readModelFolder(folder, { id: "x", ...CPU }), /needs vision inputs/);
    const whole = { model: { encoder: {} } };
    assert.equal(asConfig("genai_config.json", whole).is_encoder_decoder, true);
    await write(folder, { ...MODEL, type: undefined });
    assert.equal((await readModelFolder(folder, { id: "x", ...CPU })).config.model_type, undefined);
  }));

Deno.test("a broken genai_config.json is named where it would say which graph is the model's", () =>
  withFolder(async (folder) => {
    await write(folder, MODEL);
    await Deno.writeTextFile(join(folder, "config.json"), '{"model_type":"phi3"}');
    await Deno.writeTextFile(join(folder, "genai_config.json"), "{");
    const read = () => readModelFolder(folder, { id: "x", ...CPU });
    assert.equal((await read()).file.path, "model.onnx");
    await Deno.rename(join(folder, "model.onnx"), join(folder, "a.onnx"));
    await Deno.writeTextFile(join(folder, "b.onnx"), "graph");
    await assert.rejects(read(), /The file genai_config\.json of the model x is not valid JSON/);
    assert.equal(await describeFolder(folder, "x", { ...CPU, bundled: false }), null);
  }));
