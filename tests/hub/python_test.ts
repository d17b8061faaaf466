// The cache is shared with Python's huggingface_hub, both ways.
import assert from "node:assert/strict";
import { join } from "node:path";
import { cachePathsOf, removeCached } from "../../lib/hub/cache/cache.ts";
import { findCached } from "../../lib/hub/cache/find.ts";
import { verifyCached } from "../../lib/hub/cache/verify.ts";
import { findModel } from "../../lib/hub/load.ts";
import { pullModel } from "../../lib/hub/fetch/pull.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import { COMMIT, type FakeHub, fakeHub, sha256 } from "./fake_hub.ts";
import { pythonTest, runPython } from "./python.ts";
import { CPU, quiet, repositoryFrom, settingsFor, TINY, withFolder } from "./support.ts";

const ID = "acme/tiny";
const ROOT = join(import.meta.dirname!, "..", "..");

function withPython(
  name: string,
  work: (hub: FakeHub, cache: string, files: Record<string, Uint8Array>) => Promise<void>,
) {
  pythonTest(name, async () => {
    const files = await repositoryFrom(join(TINY, "tiny-llama-gqa-keep"));
    const hub = await fakeHub({ [ID]: files, "acme/other": files });
    try {
      await withFolder((folder) => work(hub, join(folder, "hub"), files));
    } finally {
      await hub.close();
    }
  });
}

/** The names of all files below a folder. */
function namesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) =>
    entry.isDirectory ? namesBelow(join(folder, entry.name)) : [entry.name]
  );
}

async function python(args: readonly string[], cache: string, env: Record<string, string>): Promise<string> {
  const places = { HF_HUB_CACHE: cache, HF_HOME: join(cache, "..", "home") };
  return await runPython("python_cache.py", args, { env: { ...places, ...env } });
}

async function assertPythonReads(cache: string, files: Record<string, Uint8Array>): Promise<void> {
  const read = JSON.parse(await python(["read", ID], cache, { HF_HUB_OFFLINE: "1" }));
  const paths = Object.keys(read.files);
  assert.ok(paths.includes("onnx/model_q4.onnx_data") && paths.includes("tokenizer.json"));
  for (const path of paths) assert.equal(read.files[path], sha256(files[path]!), path);
  assert.equal(read.commit, COMMIT);
  assert.deepEqual(read.warnings, []);
  assert.deepEqual(read.repositories, [ID]);
  assert.deepEqual(read.refs, ["main"]);
}

withPython("what we fetch, Python reads offline", async (hub, cache, files) => {
  await pullModel(ID, null, { ...CPU, variant: "q4" }, settingsFor(hub.url, cache), quiet());
  await assertPythonReads(cache, files);
});

withPython("also where symbolic links are forbidden and hard ones are made", async (hub, cache, files) => {
  const scoped = [`--allow-read=${ROOT},${cache}`, `--allow-write=${cache}`, "--allow-net", "--allow-env"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...scoped, join(ROOT, "models.ts"), "pull", ID, "--dtype", "q4"],
    env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, HF_HOME: join(cache, "..", "home") },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const place = join(cachePathsOf(cache, ID).snapshot(COMMIT), "config.json");
  assert.equal((await Deno.lstat(place)).isSymlink, false);
  await assertPythonReads(cache, files);
});

withPython("what Python fetches, we load offline, every variant", async (hub, cache, files) => {
  await python(["write", ID], cache, { HF_ENDPOINT: hub.url });
  const settings = settingsFor("http://127.0.0.1:1", cache, { offline: true });
  for (const variant of ["fp32", "q4", "q4f16"]) {
    const options = { ...CPU, variant, roots: createModelRoots("/nonexistent"), hub: settings, ...quiet() };
    const { model } = await findModel(ID, options);
    assert.equal(model.quantization, variant);
    assert.equal(sha256(await Deno.readFile(model.onnxPath)), sha256(files[model.file.path]!));
  }
});

withPython("a download that was cut is no corrupted cache to Python", async (hub, cache) => {
  hub.mischief = ({ path }) => path.endsWith(".onnx") ? { status: 404 } : null;
  await assert.rejects(pullModel(ID, null, CPU, settingsFor(hub.url, cache), quiet()), /has no file onnx/);
  assert.deepEqual(JSON.parse(await python(["scan"], cache, { HF_HUB_OFFLINE: "1" })), []);
});

withPython(
  "blobs that Python's repositories share: loaded, verified, mended, removed with the last that has them",
  async (hub, cache, files) => {
    const settings = settingsFor(hub.url, cache);
    const other = "acme/other"; // the same files
    const shared = () => namesBelow(join(cache, "blobs")).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const fetchShared = async () => {
      for (const id of [ID, other]) {
        await pullModel(id, null, CPU, settings, quiet());
        await python(["share", id], cache, {});
      }
      assert.ok(shared().length > 0);
    };
    const check = async () => {
      const bad: string[] = [];
      for await (const file of verifyCached(cache, ID, new AbortController().signal)) {
        if (!file.good) bad.push(file.name);
      }
      return bad;
    };
    await fetchShared();
    const options = {
      ...CPU,
      roots: createModelRoots("/nonexistent"),
      hub: { ...settings, offline: true },
      ...quiet(),
    };
    const { model } = await findModel(ID, options);
    assert.equal(sha256(await Deno.readFile(model.onnxPath)), sha256(files[model.file.path]!));
    assert.deepEqual(await check(), []);
    await removeCached(cache, other);
    assert.deepEqual([await check(), shared().length > 0], [[], true]);
    await removeCached(cache, ID);
    assert.deepEqual(shared(), []);

    await fetchShared();
    const blob = await Deno.realPath(model.onnxPath);
    await Deno.chmod(blob, 0o644);
    await Deno.truncate(blob, 10);
    assert.deepEqual(await check(), [model.file.path]);
    assert.deepEqual(await check(), [model.file.path], "missing now");
    await pullModel(ID, null, CPU, settings, quiet());
    assert.deepEqual(await check(), []);
    await removeCached(cache, other);
    assert.deepEqual(await check(), []);
    assert.deepEqual(JSON.parse(await python(["scan"], cache, {})), []);
  },
);

withPython("after Python's fetch ours fetches nothing, and the reverse", async (hub, cache) => {
  await python(["write", ID], cache, { HF_ENDPOINT: hub.url });
  const bytes = () => [...hub.sent.values()].reduce((sum, sent) => sum + sent, 0);
  const before = bytes();
  await pullModel(ID, null, CPU, settingsFor(hub.url, cache), quiet());
  assert.equal(bytes(), before);
  await python(["write", ID], cache, { HF_ENDPOINT: hub.url });
  assert.equal(bytes(), before);
});

withPython("what a repository lacks is known to both where either has asked", async (hub, cache, files) => {
  for (const name of ["config.json", "tokenizer.json"]) delete files[name];
  const others = { "vocab.json": '{"a":0,"b":1,"ab":2}', "merges.txt": "#version: 0.2\na b\n" };
  for (const [name, text] of Object.entries(others)) files[name] = new TextEncoder().encode(text);
  const lacking = ["tokenizer.json", "config.json", "genai_config.json"];
  const keptIn = (folder: string) =>
    namesBelow(join(cachePathsOf(folder, ID).folder, ".no_exist", COMMIT)).sort();
  const ours = join(cache, "ours");
  const pulled = await pullModel(ID, null, { ...CPU, variant: "q4" }, settingsFor(hub.url, ours), quiet());
  const theirs = join(cache, "theirs");
  const env = { HF_ENDPOINT: hub.url };
  const fetched = [
    pulled.file.path,
    ...pulled.file.external,
    "tokenizer_config.json",
    ...Object.keys(others),
  ];
  await python(["write", ID, "main", ...fetched], theirs, env);
  const isSure = async (folder: string) => await findCached(folder, ID, null, {}) !== null;
  assert.deepEqual([await isSure(ours), await isSure(theirs)], [true, false]);
  await python(["absent", ID, ...lacking], theirs, env);
  assert.equal(await isSure(theirs), true);
  assert.deepEqual(keptIn(ours), keptIn(theirs));
  const asked = hub.seen.length;
  await python(["absent", ID, ...lacking], ours, env);
  assert.equal(hub.seen.length, asked);
});
