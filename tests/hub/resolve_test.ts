import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { faultOf } from "../../lib/fault.ts";
import { readModelFolder } from "../../lib/hub/folder/folder.ts";
import { listBundled, listRoot } from "../../lib/hub/folder/local.ts";
import { parseHubId } from "../../lib/hub/folder/names.ts";
import { createModelRoots, resolveModel } from "../../lib/hub/resolve.ts";

const ROOT = join(import.meta.dirname!, "..", "..");
const BUNDLED = join(ROOT, "models");
const TINY = join(ROOT, "tests", "fixtures", "tiny-models");
const roots = createModelRoots(BUNDLED, { modelsDir: TINY });

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(() => null, (reason) => reason);
  return faultOf(error)?.code;
}

Deno.test("a bundled id, a name in the models folder, a path below a root, a hub id", async () => {
  const bundled = (await listBundled(BUNDLED))[0]!;
  const found = await resolveModel(bundled.id, roots);
  assert.equal(found.kind === "folder" && found.folder, join(BUNDLED, bundled.id));
  const named = await resolveModel("tiny-gpt2", roots);
  assert.deepEqual(named, { kind: "folder", id: "tiny-gpt2", folder: join(TINY, "tiny-gpt2"), root: TINY });
  assert.deepEqual(await resolveModel(join(TINY, "tiny-gpt2"), roots), named);
  assert.deepEqual(await resolveModel("some-owner/Some.Name-1@v1.0", roots), {
    kind: "hub",
    id: "some-owner/Some.Name-1",
    revision: "v1.0",
  });
});

Deno.test("a folder named in NEXTTOKEN_MODEL is a root of its own, relative ones too", async () => {
  const own = createModelRoots(BUNDLED, { model: "./tests/fixtures/tiny-models/tiny-qwen3", cwd: ROOT });
  assert.equal(own.own, join(TINY, "tiny-qwen3"));
  const found = await resolveModel(own.own!, own);
  assert.equal(found.kind === "folder" && found.id, "tiny-qwen3");
  assert.deepEqual(await resolveModel("./tests/fixtures/tiny-models/tiny-qwen3", own), found);
  assert.deepEqual(await resolveModel("tiny-qwen3", own), found); // its id, as status and list show it
  assert.equal(await codeOf(resolveModel("./tests/fixtures/tiny-models/tiny-gpt2", own)), "invalid_request");
  assert.equal(await codeOf(resolveModel(join(TINY, "tiny-gpt2"), own)), "invalid_request");
});

const MALFORMED = [
  "",
  "../../etc",
  "a/../b",
  "/etc",
  "/etc/passwd",
  `${BUNDLED}/../lib`,
  `${BUNDLED}-other/x`,
  "C:\\x",
  "..\\..\\x",
  "owner/name\n",
  "owner/name\0",
  "owner//name",
  "owner/name/more",
  "owner/.name",
  "owner/name@",
  "owner/name@../x",
  "owner/name@a b",
  "owner/na--me",
  "ownеr/name", // a Cyrillic е
  "owner/ｎame",
  "owner/name\u202e",
  "https://example.org/a",
  "~/models",
  "a".repeat(10_000),
  "/" + "a".repeat(10_000),
  `${"a/".repeat(5_000)}b`,
  "no-such-local-model",
];
for (const name of MALFORMED) {
  Deno.test(`refused, nothing touched: ${JSON.stringify(name.slice(0, 30))} (${name.length})`, async () => {
    const error: Error = await resolveModel(name, roots).then(() => assert.fail(), (reason) => reason);
    assert.equal(faultOf(error)?.code, "invalid_request");
    assert.equal(faultOf(error)?.field, "model_id");
    assert.ok(error.message.length < 300);
  });
}

Deno.test("any text at all: an id that stays inside, or invalid_request", async () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[./\\@a-z:-]{0,12}$/));
  await fc.assert(fc.asyncProperty(text, async (name) => {
    const hub = parseHubId(name);
    if (hub !== null) assert.match(hub.id, /^[\w.-]+\/[\w.-]+$/);
    const empty = createModelRoots("/nonexistent/a/models");
    const code = await codeOf(resolveModel(name, empty));
    assert.ok(code === "invalid_request" || (code === undefined && hub !== null), `${name}: ${code}`);
  }));
});

Deno.test("links: out of a root they are refused, folder, onnx folder and file", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.symlink(join(TINY, "tiny-gpt2"), join(root, "linked"));
    const limited = createModelRoots(BUNDLED, { modelsDir: root });
    assert.equal(await codeOf(resolveModel("linked", limited)), "invalid_request");
    assert.equal(await codeOf(resolveModel(join(root, "linked"), limited)), "invalid_request");
    for (const link of ["onnx", "config.json"]) {
      const folder = join(root, `with-${link}`);
      await Deno.mkdir(folder);
      await Deno.symlink(join(TINY, "tiny-gpt2", link), join(folder, link));
      assert.equal(
        await codeOf(readModelFolder(folder, { id: "x", device: "cpu", root })),
        "invalid_request",
      );
    }
    const inner = join(root, "inner");
    await Deno.mkdir(inner);
    await Deno.writeTextFile(join(root, "shared.json"), "{}");
    await Deno.symlink("../shared.json", join(inner, "config.json"));
    assert.equal(await codeOf(readModelFolder(inner, { id: "x", device: "cpu", root })), "model_failed");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("links in a circle or to nothing are no models; a link out of the root is refused by name", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.symlink(join(root, "circle"), join(root, "circle"));
    await Deno.symlink(join(root, "nothing"), join(root, "dangling"));
    await Deno.mkdir(join(root, "mixed"));
    await Deno.writeTextFile(join(root, "mixed", "config.json"), "{}");
    await Deno.symlink(join(TINY, "tiny-gpt2", "onnx"), join(root, "mixed", "onnx"));
    const limited = createModelRoots(BUNDLED, { modelsDir: root });
    for (const name of ["circle", "dangling", "mixed", join(root, "mixed")]) {
      assert.equal(await codeOf(resolveModel(name, limited)), "invalid_request", name);
    }
    assert.deepEqual(await listRoot(root, { device: "cpu", bundled: false }), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a snapshot of the hub's cache may be named in NEXTTOKEN_MODEL: its links lead to blobs of the cache", async () => {
  const folder = await Deno.makeTempDir();
  const cache = join(folder, "hub");
  try {
    const repository = join(cache, "models--acme--tiny");
    const snapshot = join(repository, "snapshots", "0".repeat(40));
    for (const path of [snapshot, join(repository, "blobs")]) await Deno.mkdir(path, { recursive: true });
    await Deno.writeTextFile(join(repository, "blobs", "etag"), "{}");
    await Deno.symlink("../../blobs/etag", join(snapshot, "config.json"));
    const own = createModelRoots(BUNDLED, { model: snapshot });
    assert.equal((await resolveModel(snapshot, own)).kind, "folder");
    await Deno.mkdir(join(cache, "blobs", "ab"), { recursive: true }); // Python's, of all repositories
    await Deno.writeTextFile(join(cache, "blobs", "ab", "abcd"), "{}");
    await Deno.symlink("../../blobs/ab/abcd", join(repository, "blobs", "shared"));
    await Deno.symlink("../../blobs/shared", join(snapshot, "tokenizer.json"));
    assert.equal((await resolveModel(snapshot, own)).kind, "folder");
    const inside = join(snapshot, "cpu", "int4"); // as onnxruntime-genai lays models out
    await Deno.mkdir(inside, { recursive: true });
    await Deno.symlink("../../../../blobs/etag", join(inside, "genai_config.json"));
    assert.equal((await resolveModel(inside, createModelRoots(BUNDLED, { model: inside }))).kind, "folder");
    await Deno.writeTextFile(join(folder, "outside"), "{}");
    await Deno.symlink("../../../../outside", join(snapshot, "special_tokens_map.json"));
    assert.equal(await codeOf(resolveModel(snapshot, own)), "invalid_request");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the bundled models are listed with size, parameters and licence", async () => {
  for (const model of await listBundled(BUNDLED)) {
    assert.ok(model.bundled && model.cached && model.bytes > 1e6);
    assert.match(model.license ?? "", /^[a-z0-9.-]+$/);
    assert.ok(model.parameters !== null && model.parameters > 1e6);
  }
  assert.ok((await listBundled(BUNDLED)).length > 0);
  assert.deepEqual(await listBundled(join(BUNDLED, "no-such-folder")), []);
});
