// The life of the attribution worker, over a worker that is a function.
import assert from "node:assert/strict";
import type { AttributionTask } from "../../../lib/attribution/explain/task.ts";
import { faultOf } from "../../../lib/fault.ts";
import { Attributor, type AttributorOptions } from "../../../lib/worker/attribution/attributor.ts";
import type {
  AttributionPort,
  FromAttribution,
  ToAttribution,
} from "../../../lib/worker/attribution/messages.ts";
import type { AttributionProgress } from "../../../lib/wire/attribution.ts";
import { fakeFindings } from "../../fake_attribution.ts";

const MODEL = {
  root: "/",
  path: "/model.onnx",
  config: { num_hidden_layers: 2, hidden_size: 8, num_attention_heads: 2 },
  bytes: 1e6,
};

interface FakePort extends AttributionPort {
  readonly received: ToAttribution[];
  terminated: boolean;
  say(message: FromAttribution): void;
  die(reason: string): void;
}

/** A worker that answers nothing by itself but "stopped". */
function fakePort(): FakePort {
  let tell: (message: FromAttribution) => void = () => {};
  let die: (reason: string) => void = () => {};
  const port: FakePort = {
    received: [],
    terminated: false,
    post(message) {
      port.received.push(message);
      if (message.type === "stop") queueMicrotask(() => tell({ type: "stopped" }));
    },
    listen(onMessage, onDeath) {
      tell = onMessage;
      die = onDeath;
    },
    terminate() {
      port.terminated = true;
    },
    say: (message) => tell(message),
    die: (reason) => die(reason),
  };
  return port;
}

function taskOf(change: Partial<AttributionTask> = {}): AttributionTask {
  return {
    ...{ context: [1, 2, 3], target: { quantity: "prob", ids: [4], rival: null }, method: "saliency" },
    ...{
      signed: false,
      normalize: true,
      steps: 50,
      baseline: "zero",
      occlusion: "zero_embedding",
      layer: null,
    },
    ...{ head: null, heads: false, remove: [], everywhere: false, follow: [], faithfulness: false },
    ...change,
  };
}

function attributorOver(options: Partial<AttributorOptions> = {}) {
  const ports: FakePort[] = [];
  const spawn = () => {
    const port = fakePort();
    ports.push(port);
    return port;
  };
  return { ports, attributor: new Attributor(MODEL, { spawn, free: () => null, ...options }) };
}

const watching = (signal = new AbortController().signal) => {
  const seen: AttributionProgress[] = [];
  return { signal, seen, progress: (progress: AttributionProgress) => seen.push(progress) };
};
const done = (task: AttributionTask, id = 1): FromAttribution => (
  { type: "done", id, findings: fakeFindings(task), ms: 30 }
);

Deno.test("the worker starts when something is asked; an answer is asked for once", async () => {
  const { ports, attributor } = attributorOver();
  assert.equal(ports.length, 0);
  const task = taskOf();
  const first = attributor.explain(task, watching());
  assert.deepEqual(ports[0]!.received.map(({ type }) => type), ["model", "explain"]);
  ports[0]!.say(done(task));
  assert.equal((await first).cached, false);
  assert.equal((await attributor.explain(taskOf(), watching())).cached, true);
  assert.equal(attributor.estimate(task).cached, true);
  assert.equal(attributor.estimate(taskOf({ context: [1, 2] })).cached, false);
  assert.equal(ports[0]!.received.length, 2);
  await attributor.close();
  assert.ok(ports[0]!.terminated);
});

Deno.test("after a while without a task the worker goes, and comes back for the next", async () => {
  const { ports, attributor } = attributorOver({ idleMs: 1 });
  const task = taskOf();
  const first = attributor.explain(task, watching());
  ports[0]!.say({ type: "opened", graph: "gradients", ms: 500 });
  ports[0]!.say(done(task));
  await first;
  assert.equal(attributor.estimate(taskOf({ context: [9, 9, 9] })).opening_ms, 0);
  while (!ports[0]!.terminated) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(attributor.estimate(taskOf({ context: [9, 9, 9] })).opening_ms, 500);
  const other = taskOf({ context: [5] });
  const second = attributor.explain(other, watching());
  assert.equal(ports.length, 2);
  ports[1]!.say(done(other, 2));
  await second;
  await attributor.close();
});

Deno.test("a worker that dies fails what waits, and is replaced", async () => {
  const { ports, attributor } = attributorOver();
  const first = attributor.explain(taskOf(), watching());
  ports[0]!.die("out of memory");
  await assert.rejects(
    first,
    (error) => faultOf(error)?.code === "inference_failed" && /out of memory/.test(String(error)),
  );
  const second = attributor.explain(taskOf(), watching());
  ports[1]!.say(done(taskOf(), 2));
  assert.equal((await second).cached, false);
  await attributor.close();
});

Deno.test("a graph that opens is told, also one in the middle of a task", async () => {
  const { ports, attributor } = attributorOver();
  const task = taskOf({ faithfulness: true });
  const watch = watching();
  const asked = attributor.explain(task, watch);
  ports[0]!.say({ type: "opening", graph: "gradients" });
  ports[0]!.say({ type: "opened", graph: "gradients", ms: 500 });
  ports[0]!.say({ type: "progress", id: 1, share: 0.5 });
  ports[0]!.say({ type: "opening", graph: "taps" });
  ports[0]!.say({ type: "opened", graph: "taps", ms: 100 });
  ports[0]!.say(done(task));
  await asked;
  const told = watch.seen.map(({ phase, done }) => `${phase} ${done}`);
  assert.deepEqual(told, [
    ...["opening 0", "opening 0", "computing 0", "computing 50", "opening 50", "computing 50"],
  ]);
  await attributor.close();
});

Deno.test("a task that is given up is answered at once and dropped in the worker, which may be opening a graph", async () => {
  const { ports, attributor } = attributorOver();
  const leave = new AbortController();
  const asked = attributor.explain(taskOf(), watching(leave.signal));
  leave.abort();
  assert.deepEqual(ports[0]!.received.at(-1), { type: "drop", id: 1 });
  await assert.rejects(asked, (error) => faultOf(error)?.code === "client_gone");
  ports[0]!.say({ type: "failed", id: 1, message: "Dropped.", fault: { code: "client_gone" } });
  await assert.rejects(attributor.explain(taskOf(), watching(leave.signal)), { name: "AbortError" });
  await attributor.close();
});

Deno.test("what memory cannot hold is refused with both numbers, before anything starts", async () => {
  const { ports, attributor } = attributorOver({ free: () => 1000 });
  await assert.rejects(
    attributor.explain(taskOf(), watching()),
    (error) =>
      faultOf(error)?.code === "unsupported" && /needs about .* MB .* only 1 kB are free/.test(String(error)),
  );
  assert.equal(ports.length, 0);
  await attributor.close();
});

Deno.test("estimates follow what was measured, and progress says what is left", async () => {
  const { ports, attributor } = attributorOver();
  const before = attributor.estimate(taskOf({ context: [7, 7, 7] }));
  const watch = watching();
  const asked = attributor.explain(taskOf(), watch);
  ports[0]!.say({ type: "opened", graph: "gradients", ms: 4000 });
  ports[0]!.say({ type: "progress", id: 1, share: 0.5 });
  ports[0]!.say({ type: "done", id: 1, findings: fakeFindings(taskOf()), ms: 3000 }); // 3 tokens
  await asked;
  const { ms, opening_ms } = attributor.estimate(taskOf({ context: [7, 7, 7] }));
  assert.ok(ms > before.ms && ms <= 3000, `${ms}`);
  assert.equal(opening_ms, 0);
  assert.deepEqual(watch.seen.map(({ done, phase }) => [done, phase]), [
    ...[[0, "opening"], [0, "computing"], [50, "computing"]],
  ]);
  await attributor.close();
});

Deno.test("a model that leaves takes its worker with it, and what waits is told", async () => {
  const { ports, attributor } = attributorOver();
  const asked = attributor.explain(taskOf(), watching());
  const closing = attributor.close();
  await assert.rejects(asked, (error) => faultOf(error)?.code === "model_loading");
  await closing;
  assert.ok(ports[0]!.terminated);
  await assert.rejects(
    attributor.explain(taskOf(), watching()),
    (error) => faultOf(error)?.code === "model_loading",
  );
});
