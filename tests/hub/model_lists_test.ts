import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../lib/fault.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import { findModel } from "../../lib/hub/load.ts";
import { createModelLists } from "../../lib/hub/model_lists.ts";
import { cachePathsOf } from "../../lib/hub/cache/cache.ts";
import { COMMIT } from "./fake_hub.ts";
import {
  CPU,
  graphNaming,
  quiet,
  repositoryFrom,
  settingsFor,
  smallRepository,
  TINY,
  WEIGHTS,
  withHub,
} from "./support.ts";

const BUNDLED = join(import.meta.dirname!, "..", "..", "models");
const MODEL = "tiny-llama-gqa"; // fp32, fp16, q4, q4f16
const ID = `acme/${MODEL}`;
const signal = new AbortController().signal;

Deno.test("the files of a local model: all here, one chosen by device", async () => {
  const modelLists = createModelLists(
    createModelRoots(BUNDLED, { modelsDir: TINY }),
    settingsFor("http://127.0.0.1:1", "/none"),
  );
  const { id, source, files } = await modelLists.variants(MODEL, "cpu", signal);
  assert.deepEqual([id, source], [MODEL, MODEL]);
  assert.deepEqual(files.map((file) => file.dtype).sort(), ["fp16", "fp32", "q4", "q4f16"]);
  assert.ok(files.every((file) => file.cached && file.fits === true && file.bytes > 0));
  const chosen = (device: "cpu" | "cuda") =>
    modelLists.variants(MODEL, device, signal).then((list) => list.files.filter((file) => file.chosen));
  assert.deepEqual((await chosen("cpu")).map((file) => file.dtype), ["fp32"]);
  assert.deepEqual((await chosen("cuda")).map((file) => [file.dtype, file.fits]), [["fp16", null]]);
});

Deno.test("the files of a hub model: which are cached; without the hub those that are", async () => {
  await withHub({ [ID]: await repositoryFrom(join(TINY, MODEL)) }, async (hub, settings) => {
    const roots = createModelRoots(BUNDLED);
    const names = async (endpoint: string, offline = false) => {
      const modelLists = createModelLists(roots, { ...settings, endpoint, offline });
      const { files } = await modelLists.variants(ID, "cpu", signal);
      return files.map((file) => `${file.dtype} ${file.cached ? "here" : "there"}`).sort();
    };
    assert.deepEqual(await names(hub.url), ["fp16 there", "fp32 there", "q4 there", "q4f16 there"]);
    await assert.rejects(names(hub.url, true), (error) => faultOf(error)?.code === "unsupported");
    await findModel(ID, { ...CPU, variant: "q4", roots, hub: settings, ...quiet() });
    assert.deepEqual(await names(hub.url), ["fp16 there", "fp32 there", "q4 here", "q4f16 there"]);
    assert.deepEqual(await names(hub.url, true), ["q4 here"]);
    assert.deepEqual(await names("http://127.0.0.1:1"), ["q4 here"]); // nobody answers
    const asked = hub.seen.length;
    assert.deepEqual(await names(hub.url, true), ["q4 here"]);
    assert.equal(hub.seen.length, asked);
  });
});

Deno.test("what is on no list: a malformed name, a model nobody has", async () => {
  await withHub({}, async (_, settings) => {
    const modelLists = createModelLists(createModelRoots(BUNDLED), settings);
    const codeOf = (name: string) =>
      modelLists.variants(name, "cpu", signal).then(() => null, (error) => faultOf(error)?.code);
    assert.equal(await codeOf("../../etc"), "invalid_request");
    assert.equal(await codeOf("acme/none"), "unsupported");
  });
});

Deno.test("the folder of NEXTTOKEN_MODEL is listed under its own name", async () => {
  const settings = settingsFor("http://127.0.0.1:1", "/none");
  const list = await createModelLists(createModelRoots(BUNDLED, { model: join(TINY, MODEL) }), settings)
    .models(
      "cpu",
    );
  assert.deepEqual(list.find(({ id }) => id === MODEL)?.cached, true);
  const gone = await createModelLists(createModelRoots(BUNDLED, { model: join(TINY, "none") }), settings)
    .models(
      "cpu",
    );
  assert.ok(gone.length > 0 && gone.every(({ id }) => id !== "none"));
});

Deno.test("a cached model whose weights lie outside its folder is on no list, and hides no other", async () => {
  const { [WEIGHTS]: _, ...files } = (await smallRepository())["acme/tiny"]!;
  const repositories = { [ID]: await repositoryFrom(join(TINY, MODEL)), "acme/odd": files };
  await withHub(repositories, async (_, settings) => {
    const cache = settings.cacheFolder;
    const roots = createModelRoots(BUNDLED);
    await findModel(ID, { ...CPU, roots, hub: settings, ...quiet() });
    const snapshot = cachePathsOf(cache, "acme/odd").snapshot(COMMIT);
    await Deno.mkdir(join(snapshot, "onnx"), { recursive: true });
    for (const [path, bytes] of Object.entries(files)) await Deno.writeFile(join(snapshot, path), bytes);
    await Deno.writeFile(join(snapshot, "onnx/model.onnx"), graphNaming("../../elsewhere"));
    const { ref } = cachePathsOf(cache, "acme/odd");
    await Deno.mkdir(join(ref("main"), ".."), { recursive: true });
    await Deno.writeTextFile(ref("main"), COMMIT);
    const ids = (await createModelLists(roots, settings).models("cpu")).map(({ id }) => id);
    assert.deepEqual([ids.includes(ID), ids.includes("acme/odd")], [true, false]);
  });
});
