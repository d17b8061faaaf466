// What folders hold in other places and forms than this program looks for.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { readChatTemplates } from "../../../lib/hub/folder/config.ts";
import { findGraphsBelow } from "../../../lib/hub/folder/listing.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { describeFolder } from "../../../lib/hub/folder/local.ts";
import { withMethod } from "../support.ts";

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

Deno.test("a file that cannot be read: its name in a load's sentence, nothing of it in a list", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["config.json", "tokenizer.json", "onnx/model.onnx"]) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.copyFile(join(TINY, "tiny-gpt2", name), join(folder, name));
    }
    const odd = ["README.md", "LICENSE", "chat_template.jinja"];
    for (const name of odd) await Deno.writeTextFile(join(folder, name), "MIT License");
    const describe = () => describeFolder(folder, "own", { device: "cpu", bundled: false });
    const { license, ...others } = (await describe())!;
    assert.equal(license, "mit");
    const refuse = (read: (path: string | URL) => Promise<unknown>) => (path: string | URL) =>
      odd.some((name) => String(path).endsWith(name))
        ? Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)"))
        : read(path);
    await withMethod(
      Deno,
      "readFile",
      refuse(Deno.readFile),
      () =>
        withMethod(Deno, "readTextFile", refuse(Deno.readTextFile), async () => {
          assert.deepEqual(await describe(), { ...others, license: null });
          await assert.rejects(
            readModelFolder(folder, { id: "own", device: "cpu" }),
            /The file chat_template\.jinja of the model own cannot be read \(permission denied\)/,
          );
        }),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
