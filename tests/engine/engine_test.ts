import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { createEngine } from "../../lib/engine/engine.ts";
import { PIECE_TOKENS } from "../../lib/runners/types.ts";
import type { Engine, SubmitOptions } from "../../lib/engine/types.ts";
import { createFakePort, type FakePort, NO_MODEL_LISTS, SPEC } from "./fake_port.ts";

const INPUT = { ids: null, top_k: 3, temperature: 1 };

function start(ports: FakePort[], queueLimit = 8) {
  const lines: string[] = [];
  let next = 0;
  const engine = createEngine({
    spec: SPEC,
    spawn: () => ports[next++]!,
    modelLists: NO_MODEL_LISTS,
    log: (level, message) => lines.push(`${level}: ${message}`),
    queueLimit,
  });
  return { engine, lines };
}

function ready(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const check = () => engine.status().model.state !== "none" && (stop(), resolve());
    const stop = engine.subscribe(check);
    check();
  });
}

const options = (client: string, more: Partial<SubmitOptions> = {}): SubmitOptions => ({
  client,
  signal: new AbortController().signal,
  ...more,
});

const code = (expected: string) => (error: unknown) => faultOf(error)?.code === expected;

Deno.test("engine says loading, then ready, then answers", async () => {
  const { engine } = start([createFakePort()]);
  assert.equal(engine.status().load?.id, SPEC.model);
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: "ab" }, options("a")),
    code("model_loading"),
  );
  await ready(engine);
  assert.equal(engine.status().load, null);
  const answer = await engine.submit("next_token", { ...INPUT, text: "ab" }, options("a"));
  assert.deepEqual(answer.ids, [1, 2]);
  assert.equal(answer.candidates.length, 3);
  assert.equal(answer.timing.computed_tokens, 2);
  assert.ok(answer.timing.queued_ms >= 0);
  assert.equal(engine.status().cache.misses, 1);
  await engine.close();
});

Deno.test("engine passes faults of a job through with their code and field", async () => {
  const { engine } = start([createFakePort()]);
  await ready(engine);
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: "" }, options("a")),
    code("empty_context"),
  );
  const unknown = engine.submit("next_token", { ...INPUT, text: null, ids: [1, 99] }, options("a"));
  await assert.rejects(
    unknown,
    (error) => faultOf(error)?.field === "ids[1]" && /Token id 99/.test(String(error)),
  );
  const long = "a".repeat(4100);
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: long }, options("a")),
    /4 tokens more than the 4096/,
  );
  await engine.close();
});

Deno.test("engine reports progress and lets another client's click pass a long prefill", async () => {
  const port = createFakePort();
  const { engine } = start([port]);
  await ready(engine);
  const finished: string[] = [];
  const seen: number[] = [];
  const long = engine.submit("next_token", { ...INPUT, text: "x".repeat(PIECE_TOKENS * 4) }, {
    ...options("long"),
    onProgress: (progress) => seen.push(progress.done),
  }).then(() => finished.push("long"));
  const click = engine.submit("next_token", { ...INPUT, text: "ab" }, options("click"))
    .then(() => finished.push("click"));
  await Promise.all([long, click]);
  assert.deepEqual(finished, ["click", "long"]);
  assert.deepEqual(seen, [1, 2, 3].map((chunks) => chunks * PIECE_TOKENS));
  assert.deepEqual(port.runner.runs.slice(0, 2), [PIECE_TOKENS, 2]);
  await engine.close();
});

Deno.test("engine stops a running job when its signal aborts, and goes on with the next", async () => {
  const port = createFakePort();
  const { engine } = start([port]);
  await ready(engine);
  const controller = new AbortController();
  port.runner.onRun = () => controller.abort();
  const job = engine.submit(
    "next_token",
    { ...INPUT, text: "abc" },
    options("a", { signal: controller.signal }),
  );
  await assert.rejects(job, code("client_gone"));
  port.runner.onRun = () => {};
  const answer = await engine.submit("next_token", { ...INPUT, text: "abc" }, options("a"));
  assert.equal(answer.timing.computed_tokens, 3);
  await engine.close();
  assert.equal(port.runner.live, 0);
});

Deno.test("engine ends a paused job's older request of the same page, not another address's", async () => {
  const { engine } = start([createFakePort()]);
  await ready(engine);
  const long = { ...INPUT, text: "x".repeat(PIECE_TOKENS * 4) };
  const older = engine.submit("next_token", long, options("page", { replaces: true }));
  const address = engine.submit("next_token", { ...INPUT, text: "zz" }, options("page"));
  const newer = engine.submit("next_token", { ...INPUT, text: "ab" }, options("page", { replaces: true }));
  await assert.rejects(older, code("client_gone"));
  assert.deepEqual((await newer).ids, [1, 2]);
  assert.deepEqual((await address).ids, [26, 26]);
  await engine.close();
});

Deno.test("engine refuses one request more than the queue holds", async () => {
  const { engine } = start([createFakePort()], 2);
  await ready(engine);
  const jobs = [1, 2, 3].map(() => engine.submit("next_token", { ...INPUT, text: "ab" }, options("a")));
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: "ab" }, options("b")),
    code("queue_full"),
  );
  await Promise.all(jobs);
  await engine.close();
});

Deno.test("engine starts a new worker when one dies, and gives up on one that always does", async () => {
  const ports = Array.from({ length: 4 }, () => createFakePort());
  const { engine, lines } = start(ports);
  await ready(engine);
  ports[0]!.runner.onRun = () => ports[0]!.die("out of memory");
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: "ab" }, options("a")),
    code("model_loading"),
  );
  await ready(engine);
  assert.deepEqual((await engine.submit("next_token", { ...INPUT, text: "ab" }, options("a"))).ids, [1, 2]);
  assert.ok(lines.some((line) => line.startsWith("error:") && line.includes("out of memory")));
  for (const port of ports.slice(1)) {
    port.die("again");
    await ready(engine);
  }
  const { model } = engine.status();
  assert.ok(model.state === "failed" && /stopped 3 times: again/.test(model.reason));
  await engine.close();
});

Deno.test("engine says why a model could not be opened, and why the last worker died", async () => {
  const { engine, lines } = start([createFakePort(new Error("config.json is missing."))]);
  await ready(engine);
  assert.deepEqual(engine.status().model, {
    state: "failed",
    id: SPEC.model,
    reason: "config.json is missing.",
  });
  assert.ok(lines.includes("error: config.json is missing."));
  await assert.rejects(
    engine.submit("next_token", { ...INPUT, text: "ab" }, options("a")),
    code("model_failed"),
  );
  await engine.close();
});
