// Workers that serve one load after the other, in place of a new one each.
import assert from "node:assert/strict";
import { createEngine } from "../../lib/engine/engine.ts";
import { FAKE_INFO } from "../fakes.ts";
import { createFakePort, type FakePort, NO_MODEL_LISTS, SPEC } from "./fake_port.ts";
import { untilReady } from "./until_ready.ts";
import { until } from "../until.ts";

/** An engine over workers that can begin anew, or cannot. */
function engineOver(reusable: boolean) {
  const started: FakePort[] = [];
  const spawn = () => {
    const open = (spec: { model: string }) => Promise.resolve({ ...FAKE_INFO, id: spec.model });
    const port = createFakePort(open, undefined, reusable);
    started.push(port);
    return port;
  };
  const engine = createEngine({ spec: SPEC, spawn, modelLists: NO_MODEL_LISTS, log: () => {} });
  const load = async (modelId: string) => {
    await engine.load({ modelId, revision: null, variant: null, device: null });
    await until(() => {
      const { model, load } = engine.status();
      return load === null && model.state === "ready" && model.info.id === modelId;
    });
  };
  return { engine, started, load };
}

Deno.test("workers that can begin anew take turns, whatever comes of their loads; the others are ended", async () => {
  for (const reusable of [true, false]) {
    const { engine, started, load } = engineOver(reusable);
    await untilReady(engine);
    for (let i = 0; i < 6; i++) await load(`tiny/model-${i}`);
    await engine.load({ modelId: "tiny/given-up", revision: null, variant: null, device: null });
    engine.cancelLoad();
    await load("tiny/last");
    const asked = { client: "a", signal: new AbortController().signal };
    await engine.submit("tokenize", { text: "Hi" }, asked); // the one that serves has begun anew
    if (reusable) assert.ok(started.length <= 3, `${started.length} workers`);
    else assert.equal(started.length, 9);
    await until(() => started.filter(({ alive }) => alive).length === (reusable ? started.length : 1));
    await engine.close();
    assert.ok(started.every(({ alive }) => !alive), "none outlives its engine");
  }
});

Deno.test("a worker that dies while it waits is not used again", async () => {
  const { engine, started, load } = engineOver(true);
  await untilReady(engine);
  await load("tiny/second");
  await until(() => started[0]!.received.at(-1)!.type === "stop");
  await new Promise((resolve) => setTimeout(resolve, 5)); // it has said that it stopped
  started[0]!.die("no reason");
  await load("tiny/third");
  assert.equal(started.length, 3);
  assert.equal(engine.status().model.state, "ready");
  await engine.close();
});

Deno.test("what is posted to a worker after its end reaches nobody who has it next", async () => {
  const { engine, started, load } = engineOver(true);
  await untilReady(engine);
  const given = new AbortController();
  const job = engine.submit("tokenize", { text: "Hi" }, { client: "a", signal: given.signal });
  await job;
  await load("tiny/second");
  await load("tiny/third"); // in the first one
  given.abort();
  const drops = started.flatMap(({ received }) => received).filter(({ type }) => type === "drop");
  assert.equal(drops.length, 0);
  await engine.close();
});
