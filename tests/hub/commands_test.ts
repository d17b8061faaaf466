// What the commands of `deno task models` do and say.
import assert from "node:assert/strict";
import { join } from "node:path";
import { cachePathsOf } from "../../lib/hub/cache/cache.ts";
import { ID, models, outcome, withHub } from "./command_line.ts";
import { etagOf, fakeHub } from "./fake_hub.ts";
import { repositoryFrom, TINY, withFolder } from "./support.ts";

Deno.test("the commands: files, pull with progress, list, verify, remove", () =>
  withFolder(async (cache) => {
    const hub = await fakeHub({ [ID]: await repositoryFrom(join(TINY, "tiny-llama-gqa-keep")) });
    try {
      const run = (...args: string[]) => outcome(models(hub.url, cache, args));
      assert.match((await run("files", ID)).text, /model_q4\.onnx +171 kB +q4: 4-bit weights/);
      const pulled = await run("pull", ID, "--dtype", "q4");
      assert.equal(pulled.code, 0, pulled.text);
      assert.match(pulled.text, /acme\/tiny is here: onnx\/model_q4\.onnx \(q4: /);
      assert.match(pulled.text, /█{24} 100% +186 kB of 186 kB/);
      assert.match((await run("list")).text, /acme\/tiny +here/);
      assert.match((await run("verify", ID)).text, /^ok +acme\/tiny onnx\/model_q4\.onnx_data$/m);
      assert.match((await run("pull", "../../etc")).text, /is no model name/);
      assert.match((await run("pull", "acme/other")).text, /There is no model acme\/other/);
      assert.equal((await run("pull", "acme/other")).code, 1);
      assert.equal((await run("remove", ID)).code, 0);
      assert.equal((await run("remove", ID)).code, 1);
      assert.equal((await run("dance")).code, 2);
    } finally {
      await hub.close();
    }
  }));

Deno.test("a wrong command line: exit code 2 and what is wrong, on stderr; help is no mistake", () =>
  withFolder(async (cache) => {
    const wrong: [string[], RegExp][] = [
      [[], /^Which command\?/],
      [["frob"], /^There is no command "frob"/],
      [["constructor", ID], /^There is no command "constructor"/],
      [["pull"], /^Which model\? pull <owner\/name>/],
      [["pull", ID, "acme/other"], /^One model at a time: acme\/other is too much/],
      [["list", ID], /^list takes no model/],
      [["pull", ID, "--nope"], /^Unknown option '--nope'/],
      [["pull", ID, "--dtype"], /argument missing/],
    ];
    for (const [args, sentence] of wrong) {
      const { code, stdout, stderr } = await models("http://127.0.0.1:1", cache, args).output();
      const told = new TextDecoder().decode(stderr);
      assert.deepEqual([code, stdout.length], [2, 0], args.join(" "));
      assert.match(told, sentence);
      assert.match(told, /Usage: deno task models/);
    }
    for (const help of ["--help", "-h", "help"]) {
      const { code, text } = await outcome(models("http://127.0.0.1:1", cache, [help]));
      assert.equal(code, 0);
      assert.match(text, /^Usage: deno task models/);
    }
  }));

Deno.test("pull offline: what is here is no failure, what is not says so", () =>
  withHub(async (hub, cache) => {
    assert.equal((await outcome(models(hub.url, cache, ["pull", ID]))).code, 0);
    const offline = { HF_HUB_OFFLINE: "1" };
    const asked = hub.seen.length;
    const here = await outcome(models(hub.url, cache, ["pull", ID], offline));
    assert.equal(here.code, 0, here.text);
    assert.match(here.text, /acme\/tiny is here: onnx\/model\.onnx/);
    assert.match((await outcome(models(hub.url, cache, ["files", ID], offline))).text, /model\.onnx .* here/);
    const absent = await outcome(models(hub.url, cache, ["pull", "acme/other"], offline));
    assert.deepEqual([absent.code, hub.seen.length], [1, asked]);
    assert.match(absent.text, /acme\/other is not in the cache, and HF_HUB_OFFLINE/);
  }));

Deno.test("verify tells what is missing, and what it does not know; remove takes the model that stands for an id", () =>
  withFolder(async (cache) => {
    const files = await repositoryFrom(join(TINY, "tiny-gpt2"));
    const { "config.json": config } = files;
    const hub = await fakeHub({ [ID]: { "config.json": config! }, "onnx-community/tiny": files });
    try {
      const run = (...args: string[]) => outcome(models(hub.url, cache, args));
      assert.equal((await run("pull", ID, "--dtype", "fp32")).code, 0);
      assert.equal((await run("verify", ID)).code, 0);
      const graph = "onnx/model.onnx";
      await Deno.remove(cachePathsOf(cache, "onnx-community/tiny").blob(etagOf(graph, files[graph]!)));
      const missing = await run("verify", "onnx-community/tiny");
      assert.equal(missing.code, 1);
      assert.match(missing.text, /^MISSING +onnx-community\/tiny onnx\/model\.onnx$/m);
      const unknown = await run("verify", "acme/other");
      assert.deepEqual([unknown.code, unknown.text], [1, "There is nothing of acme/other to check.\n"]);
      assert.equal((await run("pull", ID, "--dtype", "fp32")).code, 0);
      const one = await run("remove", `${ID}@v1`);
      assert.deepEqual([one.code, (await run("verify", ID)).code], [1, 0], one.text);
      assert.match((await run("remove", ID)).text, /onnx-community\/tiny is removed/);
      assert.equal((await run("verify", ID)).code, 1);
    } finally {
      await hub.close();
    }
  }));

Deno.test("verify and remove take what stands for an id also where only the hub knows whether it is whole", () =>
  withFolder(async (cache) => {
    const { "config.json": config, ...files } = await repositoryFrom(join(TINY, "tiny-gpt2"));
    const hub = await fakeHub({ [ID]: { "config.json": config! }, "onnx-community/tiny": files });
    try {
      const run = (...args: string[]) => outcome(models(hub.url, cache, args));
      assert.equal((await run("pull", ID, "--dtype", "fp32")).code, 0);
      const { folder } = cachePathsOf(cache, "onnx-community/tiny");
      await Deno.remove(join(folder, ".no_exist"), { recursive: true }); // as another program leaves it
      assert.match((await run("verify", ID)).text, /^ok +onnx-community\/tiny onnx\/model\.onnx$/m);
      assert.match((await run("remove", ID)).text, /onnx-community\/tiny is removed/);
    } finally {
      await hub.close();
    }
  }));
