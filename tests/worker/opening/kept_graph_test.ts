// What is kept of an optimised graph, by a tiny model whose weights lie beside its graph.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { openOrt } from "../../../lib/ort/api.ts";
import { beginSession, takeBegun } from "../../../lib/ort/begun_session.ts";
import { findLibrary } from "../../../lib/ort/library.ts";
import { readFirstGraph } from "../../../lib/protocol/first_graph.ts";
import { rememberFirstGraph } from "../../../lib/worker/opening/first_graph_record.ts";
import type { NativeToOpen } from "../../../lib/worker/opening/open_native.ts";
import { readCheckRecord } from "../../../lib/worker/opening/check_record.ts";
import { keptGraphOf } from "../../../lib/worker/opening/kept_graph.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { withFolder } from "../../hub/support.ts";
import { FIXTURES, ROOT, specFor } from "../../engine/spec.ts";

const MODEL = "tiny-llama-gqa-keep";
const IDS = [5, 9, 200, 31];

const read = () =>
  readModelFolder(join(FIXTURES, "tiny-models", MODEL), { id: MODEL, variant: "q4", device: "cpu" });

/** The logits behind IDS of a runner that is opened as at a start. */
async function openAndRun(cacheFolder: string | null): Promise<Float32Array> {
  const runner = await openRunner(await read(), "cpu", specFor(MODEL, { cacheFolder }), () => {}, {
    memory: 1e12,
  });
  try {
    assert.equal(runner.runtime, "native");
    const { logits } = await runner.run(runner.empty(), IDS);
    return logits.slice();
  } finally {
    await runner.dispose();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

/** What a start is told to open, and whether that gave a runner: `fails` says which does not. */
async function sourcesOpened(cacheFolder: string, fails: (toOpen: NativeToOpen) => boolean = () => false) {
  const model = await read();
  const record = (await readCheckRecord(model, "as_is", { cacheFolder, root: ROOT }))!;
  const kept = keptGraphOf(model, record, specFor(MODEL, { cacheFolder }), 0);
  const seen: string[] = [];
  const toOpen = { source: { path: model.onnxPath }, optimised: false } as NativeToOpen;
  await kept.open(toOpen, (given) => {
    const how = "path" in given.source ? given.writeOptimised ? "writing" : "file" : "kept";
    assert.equal(given.optimised, how === "kept");
    seen.push(how);
    return fails(given) ? Promise.reject(new Error("It does not open.")) : Promise.resolve(how);
  }, new AbortController().signal);
  return seen;
}

Deno.test("what a load makes of a graph is opened at the next start, and gives the same logits bit by bit", async () => {
  await withFolder(async (cacheFolder) => {
    const first = await openAndRun(cacheFolder);
    const graphs = await namesIn(join(cacheFolder, "graphs"));
    assert.equal(graphs.length, 1, "without what it was written as");
    const record = (await readCheckRecord(await read(), "as_is", { cacheFolder, root: ROOT }))!;
    assert.equal(record.graph, graphs[0]);
    assert.deepEqual(await sourcesOpened(cacheFolder), ["kept"]);
    assert.deepEqual(await openAndRun(cacheFolder), first);
    assert.deepEqual(await openAndRun(null), first);
    await record.keep(record.seen, null); // as a full disk left it
    await openAndRun(cacheFolder);
    assert.deepEqual(await sourcesOpened(cacheFolder), ["kept"]);
  });
});

Deno.test("where it is damaged or does not open, the file is opened, and the graph is made anew", async () => {
  await withFolder(async (cacheFolder) => {
    const first = await openAndRun(cacheFolder);
    const folder = join(cacheFolder, "graphs");
    const [name] = await namesIn(folder);
    assert.deepEqual(await sourcesOpened(cacheFolder, ({ optimised }) => optimised), ["kept", "writing"]);
    const fromFile = (toOpen: NativeToOpen) => toOpen.optimised || toOpen.writeOptimised !== undefined;
    assert.deepEqual(await sourcesOpened(cacheFolder, fromFile), ["kept", "writing", "file"]);
    await Deno.writeTextFile(join(folder, name!), "damaged");
    assert.deepEqual(await sourcesOpened(cacheFolder), ["writing"]);
    assert.deepEqual(await openAndRun(cacheFolder), first);
    assert.deepEqual(await namesIn(folder), [name], "it has its place again");
    assert.deepEqual(await sourcesOpened(cacheFolder), ["kept"]);
  });
});

Deno.test("a load that is given up opens nothing more", async () => {
  await withFolder(async (cacheFolder) => {
    await openAndRun(cacheFolder);
    const model = await read();
    const record = await readCheckRecord(model, "as_is", { cacheFolder, root: ROOT });
    const giveUp = new AbortController();
    let opened = 0;
    const toOpen = { source: { path: model.onnxPath } } as NativeToOpen;
    const opening = keptGraphOf(model, record, specFor(MODEL, { cacheFolder }), 0).open(toOpen, () => {
      opened++;
      giveUp.abort(new Error("given up"));
      return Promise.reject(new Error("It was ended."));
    }, giveUp.signal);
    await assert.rejects(opening, /given up/);
    assert.equal(opened, 1);
  });
});

Deno.test("what was begun goes to the session of its graph; else it is declined before one opens, and forgotten", async () => {
  await withFolder(async (cacheFolder) => {
    await openAndRun(cacheFolder);
    const model = await read();
    const record = (await readCheckRecord(model, "as_is", { cacheFolder, root: ROOT }))!;
    const [name, folder] = [record.graph!, join(model.onnxPath, "..")];
    const ort = openOrt(findLibrary(ROOT));
    const bytes = await Deno.readFile(join(cacheFolder, "graphs", name));
    for (const [known, source] of [[name, "kept"], ["", "file"]] as const) {
      const begun = beginSession(ort, { name, needed: 0 }, { bytes, folder });
      const spec = specFor(MODEL, { cacheFolder, begun });
      await rememberFirstGraph(spec, { graph: name, folder, needed: 0 });
      const toOpen = { source: { path: model.onnxPath }, needed: 0 } as NativeToOpen;
      const kept = keptGraphOf(model, { ...record, graph: known }, spec, 0);
      let opened = 0;
      await kept.open(toOpen, async (given) => {
        opened++;
        assert.equal("path" in given.source ? "file" : "kept", source);
        assert.equal(given.begun, source === "kept" ? begun : undefined);
        const session = await takeBegun(begun);
        assert.equal(session !== null, source === "kept");
        if (session !== null) ort.call.ReleaseSession(session);
        assert.equal(given.writeOptimised, undefined);
      }, new AbortController().signal);
      assert.equal(opened, 1);
      assert.equal((await readFirstGraph(spec))?.graph, source === "kept" ? name : undefined);
    }
  });
});
