import assert from "node:assert/strict";
import { join } from "node:path";
import { pullModel } from "../../../lib/hub/fetch/pull.ts";
import { fakeHub } from "../fake_hub.ts";
import { CPU, quiet, settingsFor, smallRepository, withFolder } from "../support.ts";

const ID = "acme/tiny";

Deno.test("chat templates come with the small files: the one for every use and the folder of named ones", async () => {
  const repository = await smallRepository();
  const files = repository[ID]!;
  const templates = { "chat_template.jinja": "J", "additional_chat_templates/rag.jinja": "R" };
  const others = ["additional_chat_templates/readme.txt", "additional_chat_templates/old/x.jinja"];
  const all = { ...templates, ...Object.fromEntries(others.map((path) => [path, "not asked for"])) };
  for (const [path, text] of Object.entries(all)) files[path] = new TextEncoder().encode(text);
  const hub = await fakeHub(repository);
  try {
    await withFolder(async (cache) => {
      const { folder } = await pullModel(ID, null, CPU, settingsFor(hub.url, cache), quiet());
      for (const [path, text] of Object.entries(templates)) {
        assert.equal(await Deno.readTextFile(join(folder, path)), text);
      }
      for (const path of others) await assert.rejects(Deno.stat(join(folder, path)), Deno.errors.NotFound);
    });
  } finally {
    await hub.close();
  }
});
