import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../lib/fault.ts";
import { listAvailable, listVariants } from "../../lib/hub/available.ts";
import { cachePathsOf, removeCached } from "../../lib/hub/cache/cache.ts";
import { findTokenizer } from "../../lib/hub/tokenizer.ts";
import { findModel } from "../../lib/hub/load.ts";
import { readModelFolder } from "../../lib/hub/folder/folder.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import type { HubSettings } from "../../lib/hub/fetch/settings.ts";
import { verifyCached, verifyFolder } from "../../lib/hub/cache/verify.ts";
import { COMMIT, etagOf, sha256 } from "./fake_hub.ts";
import {
  CPU,
  quiet,
  repositoryFrom,
  settingsFor,
  smallRepository,
  TINY,
  WEIGHTS,
  withFolder,
  withHub,
} from "./support.ts";

const BUNDLED = join(import.meta.dirname!, "..", "..", "models");
const roots = createModelRoots(BUNDLED);

function find(name: string, hub: HubSettings, criteria: { variant?: string; memory?: number } = {}) {
  return findModel(name, { ...CPU, ...criteria, roots, hub, ...quiet() });
}

for (const { name } of Deno.readDirSync(TINY)) {
  Deno.test(`${name}: every file comes through the hub as it lies in its folder`, async () => {
    const files = await repositoryFrom(join(TINY, name));
    await withHub({ [`tiny/${name}`]: files }, async (_, hub) => {
      const local = await readModelFolder(join(TINY, name), { ...CPU, id: name });
      for (const variant of local.files) {
        const { model } = await find(`tiny/${name}`, hub, { variant: variant.quantization });
        assert.equal(model.quantization, variant.quantization);
        assert.deepEqual(await model.tokenizer(), await local.tokenizer());
        assert.equal(model.bytes, variant.bytes);
        for (const path of [variant.path, ...variant.external]) {
          assert.equal(sha256(await Deno.readFile(join(model.folder, path))), sha256(files[path]!), path);
        }
      }
    });
  });
}

Deno.test("bundled and local names ask nobody; a cached model asks nobody either", async () => {
  const hub = settingsFor("http://127.0.0.1:1", "/nonexistent");
  const bundled = (await listAvailable({ roots, hub, device: "cpu" }))[0]!;
  const { model } = await find(bundled.id, hub);
  assert.equal(model.id, bundled.id);
  await withHub(await smallRepository(), async (fake, settings) => {
    await find("acme/tiny", settings);
    const asked = fake.seen.length;
    for (const offline of [false, true]) {
      const cached = await find("acme/tiny", { ...settings, offline });
      assert.equal(cached.model.id, "acme/tiny");
    }
    assert.equal(fake.seen.length, asked);
    assert.equal(
      (await find(`acme/tiny@${COMMIT}`, { ...settings, offline: true })).model.quantization,
      "fp32",
    );
  });
});

Deno.test("a cache with something missing is no cache: the rest is fetched, offline it is refused", () =>
  withFolder(async () => {
    const repositories = await smallRepository();
    await withHub(repositories, async (fake, settings) => {
      const { model } = await find("acme/tiny", settings);
      const etag = etagOf(WEIGHTS, repositories["acme/tiny"]![WEIGHTS]!);
      await Deno.remove(cachePathsOf(settings.cacheFolder, "acme/tiny").blob(etag));
      await assert.rejects(find("acme/tiny", { ...settings, offline: true }), /HF_HUB_OFFLINE/);
      await find("acme/tiny", settings);
      assert.equal(fake.sent.get(WEIGHTS), 200_000);
      assert.equal(fake.sent.get("config.json"), repositories["acme/tiny"]!["config.json"]!.length);
      assert.equal((await Deno.stat(join(model.folder, WEIGHTS))).size, 100_000);
    });
  }));

Deno.test("a cached variant that lost its weights is passed over, whether the choice is left to us by null or by auto", async () => {
  await withHub(
    { "acme/tiny": await repositoryFrom(join(TINY, "tiny-llama-gqa-keep")) },
    async (_, settings) => {
      const { model } = await find("acme/tiny", settings, { variant: "q4" });
      await find("acme/tiny", settings, { variant: "q4f16" });
      for (const path of model.file.external) await Deno.remove(join(model.folder, path));
      for (const criteria of [{}, { variant: "auto" }]) {
        const found = await find("acme/tiny", { ...settings, offline: true }, criteria);
        assert.equal(found.model.quantization, "q4f16");
      }
    },
  );
});

Deno.test("a repository without onnx falls back to onnx-community, says so, and works offline after", async () => {
  const files = (await smallRepository())["acme/tiny"]!;
  for (const other of ["onnx-community/tiny", "onnx-community/tiny-ONNX"]) {
    const repositories = { "acme/tiny": { "config.json": files["config.json"]! }, [other]: files };
    await withHub(repositories, async (_, settings) => {
      const found = await find("acme/tiny", settings);
      assert.equal(found.notice, `acme/tiny has no ONNX files; those of ${other} are used.`);
      assert.equal(found.model.id, "acme/tiny");
      const again = await find("acme/tiny", { ...settings, offline: true });
      assert.equal(again.notice, found.notice);
      assert.equal((await find("acme/tiny@main", settings)).notice, found.notice);
      await assert.rejects(
        find("acme/tiny@v1", settings),
        /has no onnx\/model\.onnx and no variant of it\.$/,
      );
    });
  }
});

Deno.test("what cannot run is refused before the weights are fetched", async () => {
  const files = (await smallRepository())["acme/tiny"]!;
  const config = new TextEncoder().encode('{"model_type":"t5","is_encoder_decoder":true}');
  await withHub({ "acme/tiny": { ...files, "config.json": config } }, async (fake, settings) => {
    await assert.rejects(find("acme/tiny", settings), /encoder-decoder/);
    assert.equal(fake.sent.has(WEIGHTS), false);
  });
  await withHub({ "acme/tiny": files }, async (fake, settings) => {
    await assert.rejects(
      find("acme/tiny", settings, { memory: 150_000 }),
      /needs about \d+ MB .* only 150 kB are free/,
    );
    assert.equal(fake.sent.has(WEIGHTS), false);
  });
  await withHub({ "acme/tiny": { ...files, "onnx/encoder_model.onnx": config } }, async (fake, settings) => {
    await assert.rejects(find("acme/tiny", settings), /encoder_model\.onnx shows that it needs an encoder/);
    assert.equal(fake.sent.has(WEIGHTS), false);
  });
  const { "tokenizer.json": _, ...rest } = files;
  await withHub({ "acme/tiny": rest }, async (_, settings) => {
    const sentence = /^Error: The file tokenizer\.json of the model acme\/tiny is missing\.$/;
    await assert.rejects(find("acme/tiny", settings), sentence);
    await assert.rejects(findTokenizer("acme/tiny", { roots, hub: settings, ...quiet() }), sentence);
    assert.deepEqual([...Deno.readDirSync(settings.cacheFolder)], []);
  });
});

Deno.test("an unknown dtype is the request's fault, one that is not there the model's", async () => {
  await withHub(await smallRepository(), async (_, settings) => {
    const code = async (variant: string) =>
      faultOf(await find("acme/tiny", settings, { variant }).then(() => null, (reason) => reason))?.code;
    assert.equal(await code("q3.5"), "invalid_request");
    assert.equal(await code("q4"), "model_failed");
  });
});

Deno.test("offline: what is in the cache as another file is told apart from what is not there", async () => {
  await withHub({ "acme/tiny": await repositoryFrom(join(TINY, "tiny-gpt2")) }, async (_, settings) => {
    await find("acme/tiny", settings, { variant: "fp32" });
    const offline = { ...settings, offline: true };
    await assert.rejects(
      find("acme/tiny", offline, { variant: "fp16" }),
      /acme\/tiny is in the cache, but not as fp16, and HF_HUB_OFFLINE/,
    );
    await assert.rejects(
      find("acme/tiny@v1", offline),
      /acme\/tiny@v1 is not in the cache, and HF_HUB_OFFLINE/,
    );
  });
});

Deno.test("the list of models: bundled, cached once under its own name, then the catalogue", async () => {
  await withHub({ "acme/tiny": (await smallRepository())["acme/tiny"]! }, async (_, settings) => {
    await find("acme/tiny", settings);
    const listed = await listAvailable({
      roots: createModelRoots(BUNDLED, { modelsDir: TINY }),
      hub: settings,
      device: "cpu",
    });
    assert.equal(new Set(listed.map((model) => model.id)).size, listed.length);
    assert.equal(listed[0]!.bundled, true);
    const cached = listed.find((model) => model.id === "acme/tiny")!;
    assert.deepEqual([cached.cached, cached.bundled, cached.dtype], [true, false, "fp32"]);
    assert.ok(listed.some((model) => model.id === "tiny-gpt2" && model.cached && !model.bundled));
    const offered = listed.filter((model) => !model.cached);
    assert.ok(offered.length >= 5);
    assert.ok(
      offered.every((model) =>
        /about/.test(model.label) && model.license !== null && model.parameters! > 1e8
      ),
    );
  });
});

Deno.test("the variants of a repository: each with its size and what it costs", async () => {
  const files = await repositoryFrom(join(TINY, "tiny-llama-gqa-keep"));
  await withHub({ "tiny/keep": files }, async (_, settings) => {
    const listed = await listVariants("tiny/keep", null, settings, new AbortController().signal);
    assert.equal(listed.license, "apache-2.0");
    assert.deepEqual(listed.files.map((file) => file.quantization).sort(), ["fp32", "q4", "q4f16"]);
    assert.ok(listed.files.every((file) => file.fidelity.startsWith(`${file.quantization}:`)));
  });
});

Deno.test("verify finds a flipped byte, removes it, and the next load mends it; remove leaves nothing", async () => {
  const repositories = await smallRepository();
  await withHub(repositories, async (_, settings) => {
    const signal = new AbortController().signal;
    await find("acme/tiny", settings);
    const check = async () => {
      const bad: string[] = [];
      for await (const file of verifyCached(settings.cacheFolder, "acme/tiny", signal)) {
        if (!file.good) bad.push(file.name);
      }
      return bad;
    };
    assert.deepEqual(await check(), []);
    const blob = cachePathsOf(settings.cacheFolder, "acme/tiny").blob(
      etagOf(WEIGHTS, repositories["acme/tiny"]![WEIGHTS]!),
    );
    const bytes = await Deno.readFile(blob);
    bytes[77]! ^= 1;
    await Deno.writeFile(blob, bytes);
    assert.deepEqual(await check(), [WEIGHTS]);
    await find("acme/tiny", settings);
    assert.deepEqual(await check(), []);
    await removeCached(settings.cacheFolder, "acme/tiny");
    const left = [...Deno.readDirSync(settings.cacheFolder)].map((entry) => entry.name);
    assert.deepEqual(left.sort(), [".locks", "CACHEDIR.TAG"]);
    await assert.rejects(removeCached(settings.cacheFolder, "acme/tiny"), /holds nothing of acme\/tiny/);
  });
});

Deno.test("verify knows the files of a cache without symbolic links by name, and removes a damaged one whole", async () => {
  const repositories = await smallRepository();
  await withHub(repositories, async (_, hub) => {
    const settings = { ...hub, symlinks: false };
    const { model } = await find("acme/tiny", settings);
    const seen: [string, boolean][] = [];
    const check = async () => {
      seen.length = 0;
      const { signal } = new AbortController();
      for await (const { name, good } of verifyCached(settings.cacheFolder, "acme/tiny", signal)) {
        seen.push([name, good]);
      }
      return seen.toSorted().map(([name, good]) => `${name} ${good}`);
    };
    const paths = ["config.json", "onnx/model.onnx", WEIGHTS, "tokenizer.json"];
    assert.deepEqual(await check(), paths.map((name) => `${name} true`));
    await Deno.writeFile(join(model.folder, WEIGHTS), new Uint8Array(100_000)); // the same file as the blob
    assert.deepEqual(await check(), paths.map((name) => `${name} ${name !== WEIGHTS}`));
    await find("acme/tiny", settings);
    assert.deepEqual(await check(), paths.map((name) => `${name} true`));
  });
});

Deno.test("SHA256SUMS of a folder: good, changed, missing", () =>
  withFolder(async (folder) => {
    const encode = (text: string) => new TextEncoder().encode(text);
    await Deno.writeTextFile(join(folder, "a"), "one");
    await Deno.writeTextFile(join(folder, "b"), "changed");
    const sums = ["a", "b", "c"].map((name) => `${sha256(encode(name === "a" ? "one" : "two"))}  ${name}\n`)
      .join("");
    await Deno.writeTextFile(join(folder, "SHA256SUMS"), `${sums}${"0".repeat(64)}  ../x\n`);
    const seen: [string, boolean][] = [];
    for await (const file of verifyFolder(folder, new AbortController().signal)) {
      seen.push([file.name, file.good]);
    }
    assert.deepEqual(seen, [["a", true], ["b", false], ["c", false]]);
  }));
