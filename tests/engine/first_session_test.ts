// The session that a start begins before its worker: by what the start before remembers, and what the load makes of it.
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { Turns } from "../../lib/basics/turns.ts";
import { beginFirstSession } from "../../lib/engine/first_session.ts";
import { openOrt } from "../../lib/ort/api.ts";
import { declineBegun, takeBegun } from "../../lib/ort/begun_session.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import type { BegunSession } from "../../lib/ort/types.ts";
import { pathOfFirstGraph } from "../../lib/protocol/first_graph.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { openModel } from "../../lib/worker/opening/open_model.ts";
import { withFolder } from "../hub/support.ts";
import { ROOT, specFor } from "./spec.ts";

const MODEL = "tiny-llama-gqa-keep"; // its weights lie beside its graph
const TURNS = new Turns({ present: false, calling: false, taken: () => Promise.resolve() });

const specIn = (cacheFolder: string, changes: Partial<LoadSpec> = {}) =>
  specFor(MODEL, { cacheFolder, variant: "q4", ...changes });
const begin = (spec: LoadSpec) => beginFirstSession(spec, { there: Promise.resolve() });
const isGone = (begun: BegunSession) => !declineBegun(begun, () => openOrt(findLibrary(ROOT)));

async function load(spec: LoadSpec): Promise<void> {
  const model = await openModel(spec, () => {}, new AbortController().signal, TURNS);
  await model.close();
}

async function isRemembered(spec: LoadSpec): Promise<boolean> {
  return await Deno.stat((await pathOfFirstGraph(spec))!).then(() => true, () => false);
}

Deno.test("the second start begins a session, which its load takes", async () => {
  await withFolder(async (cacheFolder) => {
    const spec = specIn(cacheFolder);
    assert.equal(await begin(spec), null);
    await load(spec);
    const begun = await begin(spec);
    assert(begun !== null);
    await load({ ...spec, begun });
    assert(isGone(begun), "it was taken");
    assert(await isRemembered(spec));
    assert.equal(await begin(specIn(cacheFolder, { variant: "fp32" })), null, "something else is asked for");
  });
});

Deno.test("a load that comes to another graph declines what was begun, which is then forgotten", async () => {
  await withFolder(async (cacheFolder) => {
    const spec = specIn(cacheFolder);
    await load(spec);
    const begun = await begin(spec);
    assert(begun !== null);
    const other = specIn(cacheFolder, { runner: "native" }); // nothing is remembered of its graph
    const path = (await pathOfFirstGraph(other))!;
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, "{}");
    await load({ ...other, begun });
    assert(isGone(begun));
    assert.equal(await takeBegun(begun), null);
    assert.equal(await isRemembered(other), false);
  });
});

Deno.test("a load that is given up declines it, and one beside a model that serves remembers nothing", async () => {
  await withFolder(async (cacheFolder) => {
    const spec = specIn(cacheFolder);
    await load({ ...spec, background: true });
    assert.equal(await isRemembered(spec), false);
    await load(spec);
    const begun = await begin(spec);
    assert(begun !== null);
    const reason = new Error("given up");
    const opening = openModel({ ...spec, begun }, () => {}, AbortSignal.abort(reason), TURNS);
    await assert.rejects(opening, /given up/);
    assert(isGone(begun));
  });
});

Deno.test("a record that is damaged, or whose graph is, begins nothing", async () => {
  await withFolder(async (cacheFolder) => {
    const spec = specIn(cacheFolder);
    await load(spec);
    const path = (await pathOfFirstGraph(spec))!;
    const text = await Deno.readTextFile(path);
    const { graph } = JSON.parse(text);
    await Deno.writeTextFile(path, "{");
    assert.equal(await begin(spec), null);
    await Deno.writeTextFile(path, text);
    await Deno.writeTextFile(`${cacheFolder}/graphs/${graph}`, "damaged");
    assert.equal(await begin(spec), null);
  });
});
