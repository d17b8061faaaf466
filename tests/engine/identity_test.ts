// A model is more than its id: every answer says which model gave it, and a request may say which one it is for.
import assert from "node:assert/strict";
import type { PreviewResult } from "../../lib/wire/preview.ts";
import { keysOf } from "../../lib/worker/opening/identity.ts";
import { readModelFolder } from "../../lib/hub/folder/folder.ts";
import { join } from "node:path";
import { TINY, withFolder } from "../hub/support.ts";
import { withApi } from "./real_api.ts";
import { withEngine } from "./real_engine.ts";
import { specFor } from "./spec.ts";

const NAME = "tiny-llama-gqa";

Deno.test("q4 and fp32 of one model have the same tokenizer's key and another key", async () => {
  await withEngine({ ...specFor(NAME), variant: "q4" }, async ({ engine, load }) => {
    await withApi(engine, async (url) => {
      const post = async (path: string, body: Record<string, unknown>) => {
        const init = { method: "POST", headers: { "content-type": "application/json" } };
        const response = await fetch(url + path, { ...init, body: JSON.stringify(body) });
        return { status: response.status, answer: await response.json() };
      };
      const status = async () => await (await fetch(`${url}/api/model/status`)).json();
      const before = await status();
      const body = { prompt_ids: [1, 2, 3], model_key: before.model_key };
      const asked = await post("/api/preview", body);
      assert.equal(asked.status, 200);
      await load(NAME, { variant: "fp32" });
      const after = await status();
      assert.equal(after.model_id, before.model_id);
      assert.notEqual(after.model_key, before.model_key);
      assert.equal(after.tokenizer_key, before.tokenizer_key);

      const requests: Record<string, Record<string, unknown>> = {
        "/api/preview": body,
        "/api/step": body,
        "/api/generate": { ...body, stream: false, max_tokens: 1 },
        "/api/vocabulary": body,
        "/api/next-token": { ids: [1, 2, 3], model_key: before.model_key },
        "/api/tokenize": { text: "a", model_key: before.model_key },
      };
      for (const [path, request] of Object.entries(requests)) {
        const refused = await post(path, request);
        assert.deepEqual([refused.status, refused.answer.code], [409, "model_changed"], path);
        const { answer } = await post(path, { ...request, model_key: after.model_key });
        const { model_key, tokenizer_key } = (answer as PreviewResult).model?.model_key
          ? answer.model
          : answer;
        assert.deepEqual([model_key, tokenizer_key], [after.model_key, after.tokenizer_key], path);
      }
    });
  });
});

Deno.test("the keys follow what the files hold, not where they are", async () => {
  await withFolder(async (parent) => {
    const copy = async (name: string) => {
      const folder = join(parent, name);
      await Deno.mkdir(join(folder, "onnx"), { recursive: true });
      for (const file of ["config.json", "tokenizer.json", "onnx/model.onnx"]) {
        await Deno.copyFile(join(TINY, NAME, file), join(folder, file));
      }
      return folder;
    };
    const keys = async (folder: string) => {
      const model = await readModelFolder(folder, { id: "own", device: "cpu" });
      return await keysOf(model, await model.tokenizer(), "cpu", []);
    };
    const first = await keys(await copy("one"));
    const other = await copy("two");
    assert.deepEqual(await keys(other), first);
    const model = await readModelFolder(other, { id: "own", device: "cpu" });
    const longer = await keysOf(model, await model.tokenizer(), "cpu", ["<pad>"]); // ids mean more there
    assert.notEqual(longer.tokenizerKey, first.tokenizerKey);

    const weights = await Deno.readFile(join(other, "onnx/model.onnx"));
    weights[weights.length - 1]! ^= 1;
    await Deno.writeFile(join(other, "onnx/model.onnx"), weights);
    const replaced = await keys(other);
    assert.notEqual(replaced.modelKey, first.modelKey);
    assert.equal(replaced.tokenizerKey, first.tokenizerKey);

    const tokenizer = await Deno.readTextFile(join(other, "tokenizer.json"));
    await Deno.writeTextFile(join(other, "tokenizer.json"), tokenizer.replace('"the"', '"teh"') + " ");
    const foreign = await keys(other);
    assert.notEqual(foreign.tokenizerKey, first.tokenizerKey);
    assert.notEqual(foreign.modelKey, replaced.modelKey);
  });
});
