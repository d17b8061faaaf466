// Loading while serving, with workers in the same thread: who serves when, and what is left of every way to end.
import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { createEngine } from "../../lib/inference/engine.ts";
import { CHUNK_TOKENS } from "../../lib/inference/logits_source.ts";
import type { LoadSpec, ToWorker } from "../../lib/inference/protocol.ts";
import type { Engine, EngineStatus, LoadRequest, ModelInfo } from "../../lib/inference/types.ts";
import { FAKE_INFO } from "../fakes.ts";
import { createFakePort, type FakeLoad, type FakePort, NO_SHELF, SPEC } from "./fake_port.ts";

const PATIENCE = { timeout: 20_000 }; // milliseconds; a hang is a failure

interface Bench {
  readonly engine: Engine;
  readonly ports: FakePort[];
  readonly lines: string[];
  readonly statuses: EngineStatus[];
}

/** An engine whose workers load as `loads` says, in order; the last one goes on for all that follow. */
function start(...loads: FakeLoad[]): Bench {
  const ports: FakePort[] = [];
  const lines: string[] = [];
  const spawn = () => {
    const port = createFakePort(loads[Math.min(ports.length, loads.length - 1)]);
    ports.push(port);
    return port;
  };
  const log = (level: string, message: string) => lines.push(`${level}: ${message}`);
  const engine = createEngine({ spec: SPEC, spawn, shelf: NO_SHELF, log });
  const statuses: EngineStatus[] = [];
  engine.subscribe((status) => statuses.push(status));
  return { engine, ports, lines, statuses };
}

const named: FakeLoad = (spec: LoadSpec): Promise<ModelInfo> =>
  Promise.resolve({ ...FAKE_INFO, id: spec.model });

/** A load that waits for `gate`, and downloads meanwhile. */
function gated(gate: Promise<void>): FakeLoad {
  return async (spec, post, signal) => {
    const left = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => left.reject(signal.reason), { once: true });
    for (const received of [10, 50]) {
      const progress = { phase: "downloading", file: "f", received, total: 100, bytesPerSecond: 5 } as const;
      post({ type: "loading", progress });
    }
    await Promise.race([gate, left.promise]);
    return { ...FAKE_INFO, id: spec.model };
  };
}

function until(engine: Engine, holds: (status: EngineStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => holds(engine.status()) && (stop(), resolve());
    const stop = engine.subscribe(check);
    check();
  });
}

const idOf = ({ model }: EngineStatus) => model.state === "ready" ? model.info.id : null;
const settled = (engine: Engine) => until(engine, (status) => status.load === null);
const request = (modelId: string, more: Partial<LoadRequest> = {}): LoadRequest => ({
  ...{ modelId, revision: null, dtype: null, device: null },
  ...more,
});

function ask(engine: Engine, text = "ab") {
  const input = { ids: null, top_k: 3, temperature: 1, text };
  return engine.submit("next_token", input, { client: "a", signal: new AbortController().signal });
}

const code = (expected: string) => (error: unknown) => faultOf(error)?.code === expected;
const specOf = (port: FakePort) => (port.received[0] as Extract<ToWorker, { type: "load" }>).spec;

Deno.test(
  "load: the old model serves until the new one is ready, and ends after its jobs",
  PATIENCE,
  async () => {
    const gate = Promise.withResolvers<void>();
    const { engine, ports, statuses } = start(named, gated(gate.promise));
    await settled(engine);
    const told = await engine.load(request("acme/new", { revision: "v2", dtype: "q4", device: "mps" }));
    assert.deepEqual([told.load?.id, told.load?.progress.phase, idOf(told)], [
      "acme/new@v2",
      "resolving",
      SPEC.model,
    ]);
    const { model, dtype, device, roots } = specOf(ports[1]!);
    assert.deepEqual([model, dtype, device, roots], ["acme/new@v2", "q4", "mps", SPEC.roots]);
    assert.equal((await ask(engine)).model, SPEC.model);
    const long = ask(engine, "x".repeat(CHUNK_TOKENS * 3)); // in several slices, on the old model
    gate.resolve();
    await until(engine, (status) => idOf(status) === "acme/new@v2");
    assert.equal(engine.status().load, null);
    assert.equal((await ask(engine)).model, "acme/new@v2");
    assert.equal((await long).model, SPEC.model);
    const received = statuses.flatMap(({ load }) => load?.progress.phase === "downloading" ? [load] : []);
    assert.deepEqual(received.map((load) => load.progress.received), [10, 50]);
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

Deno.test(
  "load: a worker that dies of it leaves the old model alone, and is not started again",
  PATIENCE,
  async () => {
    const { engine, ports } = start(named, gated(new Promise(() => {})));
    await settled(engine);
    await engine.load(request("a/b"));
    ports[1]!.die("out of memory");
    const { load, loadError } = engine.status();
    assert.equal(load, null);
    assert.match(loadError!, /stopped while it loaded a\/b: out of memory/);
    assert.equal((await ask(engine)).model, SPEC.model);
    assert.equal(ports.length, 2);
    await engine.close();
  },
);

Deno.test("load: the serving worker dies meanwhile; the new model takes over", PATIENCE, async () => {
  const gate = Promise.withResolvers<void>();
  const { engine, ports } = start(named, gated(gate.promise));
  await settled(engine);
  await engine.load(request("a/b"));
  ports[0]!.die("gone");
  assert.equal(engine.status().model.state, "none");
  await assert.rejects(ask(engine), code("model_loading"));
  gate.resolve();
  await settled(engine);
  assert.equal((await ask(engine)).model, "a/b");
  assert.equal(ports.length, 2);
  await engine.close();
});

for (const end of ["fails", "is cancelled", "dies"] as const) {
  Deno.test(
    `load: the serving worker dies, then the load ${end}: the old model comes back`,
    PATIENCE,
    async () => {
      const gate = Promise.withResolvers<void>();
      const { engine, ports } = start(named, gated(gate.promise), named);
      await settled(engine);
      await engine.load(request("a/b"));
      ports[0]!.die("gone");
      if (end === "fails") gate.reject(new Error("no such file"));
      if (end === "is cancelled") engine.cancelLoad();
      if (end === "dies") ports[1]!.die("gone as well");
      await until(engine, (status) => status.model.state !== "none");
      assert.equal((await ask(engine)).model, SPEC.model);
      const { loadError } = engine.status();
      assert.equal(loadError !== null, end !== "is cancelled");
      assert.equal(ports.length, 3);
      await engine.close();
    },
  );
}

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

const IMPOSSIBLE: [LoadRequest, string][] = [
  ...[
    "",
    "../../etc",
    "/etc",
    "a/../b",
    "C:\\x",
    "owner/name\n",
    "ownеr/name",
    "a".repeat(10_000),
    "nothing-here",
  ]
    .map((id): [LoadRequest, string] => [request(id), "model_id"]),
  [request(`${SPEC.roots.modelsDir}/none`), "model_id"],
  [request("a/b", { dtype: "q9" }), "dtype"],
  [request("a/b", { revision: "../main" }), "revision"],
  [request("a/b@v1", { revision: "v2" }), "revision"],
  [request("tiny-gpt2", { revision: "v1" }), "revision"],
];

Deno.test("load: what cannot be a model is refused before anything starts", PATIENCE, async () => {
  const { engine, ports } = start(named);
  await settled(engine);
  const before = engine.status();
  for (const [wrong, field] of IMPOSSIBLE) {
    const refused = (error: unknown) =>
      faultOf(error)?.code === "invalid_request" && faultOf(error)?.field === field &&
      String(error).length < 300;
    await assert.rejects(engine.load(wrong), refused, JSON.stringify(wrong).slice(0, 80));
  }
  assert.equal(ports.length, 1);
  assert.equal(engine.status(), before);
  await engine.close();
});
