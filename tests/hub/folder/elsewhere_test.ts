// What folders hold in other places and forms than this program looks for.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { readChatTemplates } from "../../../lib/hub/folder/config.ts";
import { findGraphsBelow } from "../../../lib/hub/folder/listing.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";

const TINY = join(import.meta.dirname!, "..", "..", "fixtures", "tiny-models");

Deno.test("chat templates by name are a list or an object", () => {
  const templates = { default: "d", tool_use: "t" };
  const list = Object.entries(templates).map(([name, template]) => ({ name, template }));
  assert.deepEqual(readChatTemplates({ chat_template: list }, {}), templates);
  assert.deepEqual(readChatTemplates({ chat_template: { ...templates, odd: 7 } }, {}), templates);
});

Deno.test("a tokenizer in another form alone is refused by its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "onnx"));
    await Deno.writeTextFile(join(folder, "config.json"), '{"model_type":"llama"}');
    await Deno.copyFile(join(TINY, "tiny-gpt2/onnx/model.onnx"), join(folder, "onnx/model.onnx"));
    const read = () => readModelFolder(folder, { id: "own", device: "cpu" });
    await assert.rejects(read(), /The file tokenizer\.json of the model own is missing\.$/);
    await Deno.writeTextFile(join(folder, "spiece.model"), "");
    await assert.rejects(read(), /is missing; spiece\.model cannot be read here\. Transformers writes/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a folder with graphs in folders of their own is refused by their names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    };
    await write("config.json", '{"model_type":"phi3"}');
    await write("tokenizer.json", "{}");
    const read = () => readModelFolder(folder, { id: "own", device: "cpu" });
    await assert.rejects(read(), /no onnx\/model\.onnx and no variant of it: it has no \.onnx file/);
    await write("cpu/int4/model.onnx", "");
    await write("cpu/int4/deeper/still/model.onnx", "");
    await assert.rejects(read(), /it has only cpu\/int4\/model\.onnx\. Load the folder that holds one\.$/);
    for (let at = 0; at < 9; at++) await write(`more/${at}.onnx`, "");
    assert.equal((await findGraphsBelow(folder)).length, 5);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
