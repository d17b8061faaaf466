import assert from "node:assert/strict";
import { fault, faultOf } from "../../lib/fault.ts";
import type { ToWorker } from "../../lib/protocol/messages.ts";
import { Scheduler } from "../../lib/engine/scheduler.ts";
import type { SubmitOptions } from "../../lib/engine/types.ts";

const COUNTERS = { cache: { hits: 0, misses: 0, bytes: 0 }, prefetch: { hits: 0, wastedTokens: 0 } };
const code = (expected: string) => (error: unknown) => faultOf(error)?.code === expected;

/** A scheduler whose worker is the test: it sees what is posted and answers by hand. */
function bench(limit = 8) {
  const posted: string[] = [];
  const scheduler = new Scheduler((message: ToWorker) => {
    posted.push("id" in message ? `${message.type} ${message.id}` : message.type);
  }, limit);
  const submit = (client: string, more: Partial<SubmitOptions> = {}) => {
    const signal = new AbortController().signal;
    return scheduler.submit("tokenize", {}, { client, signal, ...more });
  };
  const pause = (id: number) => scheduler.receive({ type: "paused", id, progress: { done: 1, total: 2 } });
  const finish = (id: number, value: unknown = id) =>
    scheduler.receive({ type: "done", id, value, counters: COUNTERS });
  const park = (id: number) => scheduler.receive({ type: "parked", id });
  const resume = (id: number) => scheduler.receive({ type: "resumable", id });
  return { scheduler, posted, submit, pause, finish, park, resume };
}

Deno.test("Scheduler starts nothing before it is open, then one job at a time, clients in turn", async () => {
  const { scheduler, posted, submit, pause, finish } = bench();
  const jobs = [submit("a"), submit("a"), submit("b")];
  assert.deepEqual(posted, []);
  scheduler.open();
  pause(1);
  pause(3);
  pause(2);
  for (const id of [3, 1, 2]) finish(id);
  assert.deepEqual(posted, ["start 1", "start 3", "start 2", "advance 3", "advance 1", "advance 2"]);
  assert.deepEqual(await Promise.all(jobs), [1, 2, 3]);
});

Deno.test("Scheduler hands out as many slices at once as the worker is good for, clients in turn", async () => {
  const { scheduler, posted, submit, pause, finish } = bench();
  const jobs = [submit("a"), submit("a"), submit("b"), submit("c")];
  scheduler.open(2);
  assert.deepEqual(posted, ["start 1", "start 3"]);
  finish(3);
  assert.deepEqual(posted.slice(2), ["start 4"]);
  pause(1);
  assert.deepEqual(posted.slice(3), ["start 2"]);
  const idle = scheduler.whenIdle();
  for (const id of [4, 2, 1]) finish(id);
  assert.deepEqual(posted.slice(4), ["advance 1"]);
  assert.deepEqual(await Promise.all(jobs), [1, 2, 3, 4]);
  await idle;
});

Deno.test("Scheduler refuses what the queue has no room for; a slice that comes back always has", async () => {
  const { scheduler, submit, pause, finish } = bench(2);
  scheduler.open();
  const jobs = [submit("a"), submit("b"), submit("c")]; // one runs, two wait
  await assert.rejects(submit("d"), code("queue_full"));
  pause(1);
  for (const id of [2, 3, 1]) finish(id);
  assert.deepEqual(await Promise.all(jobs), [1, 2, 3]);
});

Deno.test("Scheduler: an abort takes a waiting job off, and tells the worker of one it has begun", async () => {
  const { scheduler, posted, submit, pause, finish } = bench();
  scheduler.open();
  const [running, waiting] = [new AbortController(), new AbortController()];
  const jobs = [
    submit("a", { signal: running.signal }),
    submit("b", { signal: waiting.signal }),
    submit("c"),
  ];
  const gone = Promise.all(jobs.slice(0, 2).map((job) => assert.rejects(job, code("client_gone"))));
  waiting.abort();
  running.abort();
  assert.deepEqual(posted, ["start 1", "drop 1"]); // the worker is not free before it says so
  scheduler.receive({ type: "failed", id: 1, message: "dropped", fault: { code: "client_gone" } });
  assert.deepEqual(posted, ["start 1", "drop 1", "start 3"]);
  await gone;
  await assert.rejects(submit("d", { signal: AbortSignal.abort() }), code("client_gone"));
  pause(3);
  finish(3);
  assert.equal(await jobs[2], 3);
});

Deno.test("Scheduler: a page's newer request of a kind ends its older one, before the queue is asked", async () => {
  const { scheduler, posted, submit, finish } = bench(1);
  scheduler.open();
  const page = { replaces: true };
  const jobs = [submit("other"), submit("page", page)];
  const older = assert.rejects(jobs[1]!, code("client_gone"));
  const newer = submit("page", page); // the queue was full
  await older;
  finish(1);
  finish(3);
  assert.deepEqual(posted, ["start 1", "start 3"]);
  assert.deepEqual([await jobs[0], await newer], [1, 3]);
});

Deno.test("Scheduler fails everything at a death, and ignores what the dead worker said", async () => {
  const { scheduler, submit, finish } = bench();
  scheduler.open();
  const jobs = [submit("a"), submit("b")].map((job) => assert.rejects(job, code("model_loading")));
  const idle = scheduler.whenIdle();
  scheduler.failAll(fault("model_loading", "gone"));
  finish(1);
  await Promise.all([...jobs, idle]);
});

Deno.test("Scheduler: a job that waits lets others pass and comes back in its client's turn, asked about once", async () => {
  const { scheduler, posted, submit, finish, park, resume } = bench();
  scheduler.open();
  const jobs = [submit("a"), submit("b"), submit("b")];
  park(1);
  finish(2);
  resume(1);
  finish(3);
  finish(1);
  assert.deepEqual(posted, ["start 1", "start 2", "start 3", "advance 1"]);
  assert.deepEqual(await Promise.all(jobs), [1, 2, 3]);
});

Deno.test("Scheduler: one that waits counts as waiting, is not idle, and can be given up", async () => {
  const { scheduler, posted, submit, finish, park, resume } = bench(1);
  scheduler.open();
  const leave = new AbortController();
  const gone = assert.rejects(submit("a", { signal: leave.signal }), code("client_gone"));
  park(1);
  await assert.rejects(submit("b"), code("queue_full"));
  let idle = false;
  scheduler.whenIdle().then(() => idle = true);
  await Promise.resolve();
  assert.equal(idle, false);
  leave.abort();
  await gone;
  assert.equal(idle, true);
  resume(1); // the worker had not heard of it yet
  const next = submit("b");
  finish(2);
  assert.equal(await next, 2);
  assert.deepEqual(posted, ["start 1", "drop 1", "start 2"]);
});

Deno.test("Scheduler: a death fails those that wait too", async () => {
  const { scheduler, submit, park, resume } = bench();
  scheduler.open();
  const job = assert.rejects(submit("a"), code("model_loading"));
  park(1);
  scheduler.failAll(fault("model_loading", "gone"));
  resume(1);
  await Promise.all([job, scheduler.whenIdle()]);
});
