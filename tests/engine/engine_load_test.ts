// Loading while serving: who serves when, and what is left of every way to end.
import assert from "node:assert/strict";
import { PIECE_TOKENS } from "../../lib/runners/types.ts";
import { SPEC } from "./fake_port.ts";
import {
  ask,
  code,
  gated,
  idOf,
  named,
  request,
  settled,
  specOf,
  start,
  stubborn,
  until,
} from "./load_bench.ts";
import { PATIENCE } from "../patience.ts";

Deno.test(
  "load: the old model serves until the new one is ready, and ends after its jobs",
  PATIENCE,
  async () => {
    const gate = Promise.withResolvers<void>();
    const { engine, ports, statuses } = start(named, gated(gate.promise));
    await settled(engine);
    const told = await engine.load(request("acme/new", { revision: "v2", variant: "q4", device: "mps" }));
    assert.deepEqual([told.load?.id, told.load?.progress.phase, idOf(told)], [
      "acme/new@v2",
      "resolving",
      SPEC.model,
    ]);
    const { model, variant, device, roots, background } = specOf(ports[1]!);
    assert.deepEqual([specOf(ports[0]!).background, background], [false, true]);
    assert.deepEqual([model, variant, device, roots], ["acme/new@v2", "q4", "mps", SPEC.roots]);
    assert.equal((await ask(engine)).model, SPEC.model);
    const long = ask(engine, "x".repeat(PIECE_TOKENS * 3)); // in several slices, on the old model
    gate.resolve();
    await until(engine, (status) => idOf(status) === "acme/new@v2");
    assert.equal(engine.status().load, null);
    assert.equal((await ask(engine)).model, "acme/new@v2");
    assert.equal((await long).model, SPEC.model);
    const received = statuses.flatMap(({ load }) => load?.progress.phase === "downloading" ? [load] : []);
    assert.deepEqual([...new Set(received.map((load) => load.progress.received))], [10, 50]);
    await engine.close();
    assert.deepEqual(ports.map((port) => [port.alive, port.runner.live]), [[false, 0], [false, 0]]);
  },
);

Deno.test("load: a second one is refused while the first runs", PATIENCE, async () => {
  const { engine, ports } = start(named, gated(new Promise(() => {})));
  await settled(engine);
  const both = await Promise.allSettled([engine.load(request("a/b")), engine.load(request("c/d"))]);
  assert.deepEqual(both.map((result) => result.status), ["fulfilled", "rejected"]);
  await assert.rejects(engine.load(request("c/d")), code("load_in_progress"));
  assert.equal(ports.length, 2);
  assert.equal(engine.status().load?.id, "a/b");
  await engine.close();
});

Deno.test(
  "load: one that fails changes nothing but the reason, which the next load clears",
  PATIENCE,
  async () => {
    const { engine, ports, lines } = start(named, new Error("onnx/model.onnx is cut off."), named);
    await settled(engine);
    await engine.load(request("a/broken"));
    await settled(engine);
    assert.deepEqual([idOf(engine.status()), engine.status().loadError], [
      SPEC.model,
      "onnx/model.onnx is cut off.",
    ]);
    assert.ok(lines.includes("error: onnx/model.onnx is cut off."));
    assert.equal((await ask(engine)).model, SPEC.model);
    assert.equal((await engine.load(request("a/good"))).loadError, null);
    await settled(engine);
    assert.deepEqual([idOf(engine.status()), engine.status().loadError], ["a/good", null]);
    await engine.close();
    assert.ok(ports.every((port) => !port.alive));
  },
);

Deno.test("load: cancelled, the old model goes on and the worker is told to stop", PATIENCE, async () => {
  const { engine, ports } = start(named, gated(new Promise(() => {})), named);
  await settled(engine);
  await engine.load(request("a/b"));
  await until(engine, (status) => status.load?.progress.received === 50);
  const told = engine.cancelLoad();
  assert.deepEqual([told.load, told.loadError, idOf(told)], [null, null, SPEC.model]);
  assert.deepEqual(ports[1]!.received.map((message) => message.type), ["load", "stop"]);
  assert.deepEqual(engine.cancelLoad(), told); // nothing left to cancel
  await engine.load(request("c/d")); // at once: the other one is still ending
  await settled(engine);
  assert.equal(idOf(engine.status()), "c/d");
  await engine.close();
  assert.ok(ports.every((port) => !port.alive));
});

Deno.test(
  "load: workers that take long to end are not waited for, and not cut off: what they open would stay in memory",
  PATIENCE,
  async () => {
    const gate = Promise.withResolvers<void>();
    const slow = stubborn(gate.promise);
    const { engine, ports } = start(named, slow, slow, slow, named);
    await settled(engine);
    for (const id of ["a/1", "a/2", "a/3"]) {
      await engine.load(request(id));
      engine.cancelLoad();
    }
    await engine.load(request("c/d"));
    await settled(engine);
    assert.equal(idOf(engine.status()), "c/d");
    assert.deepEqual(ports.slice(1, 4).map(({ alive }) => alive), [true, true, true]);
    gate.resolve();
    while (ports.slice(0, 4).some(({ alive }) => alive)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await engine.close();
    assert.equal(ports[4]!.alive, false);
  },
);

Deno.test("load: workers that never end are cut off with the server", PATIENCE, async () => {
  const { engine, ports } = start(named, stubborn(new Promise(() => {})), named);
  await settled(engine);
  await engine.load(request("a/b"));
  engine.cancelLoad();
  await engine.load(request("c/d"));
  await settled(engine);
  await engine.close();
  assert.ok(ports.every(({ alive }) => !alive));
});

Deno.test("load: the first one cancelled leaves no model, and another can be loaded", PATIENCE, async () => {
  const { engine } = start(gated(new Promise(() => {})), named);
  await until(engine, (status) => status.load?.progress.received === 50);
  const { model, load } = engine.cancelLoad();
  assert.ok(load === null && model.state === "failed" && /was cancelled/.test(model.reason));
  await assert.rejects(ask(engine), code("model_failed"));
  const told = await engine.load(request("a/b"));
  assert.deepEqual([told.model.state, told.load?.id], ["none", "a/b"]);
  await assert.rejects(ask(engine), code("model_loading"));
  await settled(engine);
  assert.equal((await ask(engine)).model, "a/b");
  await engine.close();
});

Deno.test(
  "load: after a failed start the engine takes another model; both failed, the newer is told",
  PATIENCE,
  async () => {
    const { engine } = start(new Error("first"), new Error("second"), named);
    await settled(engine);
    await engine.load(request("a/b"));
    await settled(engine);
    const { model, loadError } = engine.status();
    assert.deepEqual([model, loadError], [{ state: "failed", id: "a/b", reason: "second" }, null]);
    await engine.load(request("c/d"));
    await settled(engine);
    assert.equal(idOf(engine.status()), "c/d");
    await engine.close();
  },
);

Deno.test("load: away and back, many times, leaves one worker alive", PATIENCE, async () => {
  const { engine, ports } = start(named);
  await settled(engine);
  for (let round = 0; round < 20; round++) {
    const id = round % 2 === 0 ? "a/b" : "c/d";
    await engine.load(request(id));
    await settled(engine);
    assert.equal((await ask(engine)).model, id);
  }
  await new Promise((resolve) => setTimeout(resolve, 10)); // the last one's farewell
  assert.equal(ports.filter((port) => port.alive).length, 1);
  await engine.close();
  assert.equal(ports.filter((port) => port.alive).length, 0);
});

Deno.test("load: the server stops in the middle of one", PATIENCE, async () => {
  const { engine, ports } = start(named, gated(new Promise(() => {})));
  await settled(engine);
  await engine.load(request("a/b"));
  await until(engine, (status) => status.load?.progress.received === 50);
  await engine.close();
  assert.ok(ports.every((port) => !port.alive && port.received.at(-1)?.type === "stop"));
  await assert.rejects(engine.load(request("a/b")), code("model_failed"));
  await assert.rejects(ask(engine), code("model_failed"));
});
