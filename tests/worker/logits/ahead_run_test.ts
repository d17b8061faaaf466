import assert from "node:assert/strict";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { createFakeRunner, fakeLogitsOf } from "../../fake_runner.ts";
import { PATIENCE } from "../../patience.ts";
import { finish } from "../../finish.ts";

const signal = new AbortController().signal;
const PATH = [1, 2, 3];

/** A source that knows `PATH` and has begun a run of one more token, which stands still until `goOn`. */
async function begun(cuts = true) {
  const runner = createFakeRunner(32, cuts);
  const source = new LogitsSource(runner, 1e6);
  await finish(source.after(PATH, signal));
  runner.runs.length = 0;
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  runner.onRun = () => (started.resolve(), gate.promise);
  source.runAhead([...PATH, 4]);
  const goOn = () => {
    runner.onRun = () => {};
    gate.resolve();
  };
  return { runner, source, started: started.promise, goOn };
}

/** Nothing is lost: all states belong to the cache. */
function checkStates({ runner, source }: { runner: { readonly live: number }; source: LogitsSource }): void {
  source.clear();
  assert.equal(runner.live, 0);
}

Deno.test("a request for what was begun ahead waits for its end and computes nothing", PATIENCE, async () => {
  const { runner, source, started, goOn } = await begun();
  await started;
  const asked = finish(source.after([...PATH, 4], signal));
  goOn();
  const { logits, computedTokens } = await asked;
  assert.deepEqual(logits, fakeLogitsOf([...PATH, 4], 32));
  assert.equal(computedTokens, 1, "it says what it is made from");
  assert.deepEqual(runner.runs, [1]);
  await finish(source.after([...PATH, 4, 5], signal));
  assert.deepEqual(runner.runs, [1, 1], "the text goes on from it");
  assert.deepEqual(source.counters.prefetch, { hits: 1, wastedTokens: 0 });
  checkStates({ runner, source });
});

Deno.test("what was computed ahead is known when it is asked for later", PATIENCE, async () => {
  const { runner, source, goOn } = await begun();
  goOn();
  while (runner.runs.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const { logits, computedTokens } = await finish(source.after([...PATH, 4], signal));
  assert.deepEqual(logits, fakeLogitsOf([...PATH, 4], 32));
  assert.ok(computedTokens <= 1);
  assert.deepEqual(runner.runs, [1]);
});

Deno.test("any other request stops it first", PATIENCE, async () => {
  const others: ((source: LogitsSource) => Promise<unknown>)[] = [
    (source) => finish(source.after([...PATH, 5], signal)),
    (source) => finish(source.scores([7, 8, 9], signal) as never),
    (source) => finish(source.continuation([7, 8, 9], 1, signal) as never),
  ];
  for (const ask of others) {
    const { runner, source, started, goOn } = await begun();
    await started;
    const asked = ask(source);
    goOn();
    await asked;
    assert.equal(source.counters.prefetch.wastedTokens, 1);
    const { logits, computedTokens } = await finish(source.after([...PATH, 4], signal));
    assert.deepEqual(logits, fakeLogitsOf([...PATH, 4], 32));
    assert.equal(computedTokens, 1);
    checkStates({ runner, source });
  }
});

Deno.test("it is stopped with the request that waits for it, and at the end", PATIENCE, async () => {
  const { runner, source, started, goOn } = await begun();
  await started;
  const left = new AbortController();
  const asked = finish(source.after([...PATH, 4], left.signal));
  left.abort();
  goOn();
  await assert.rejects(asked, { name: "AbortError" });
  assert.deepEqual(runner.runs, []);
  const gate = Promise.withResolvers<void>();
  runner.onRun = () => gate.promise;
  source.runAhead([...PATH, 4]);
  const stopped = source.stopAhead();
  gate.resolve();
  await stopped;
  assert.deepEqual(runner.runs, []);
  checkStates({ runner, source });
});

Deno.test("speculation waits for it, and leaves it alone when a request comes", PATIENCE, async () => {
  const { runner, source, started, goOn } = await begun();
  await started;
  const pause = new AbortController();
  const looked = source.lookahead(PATH, [5, 6], pause.signal);
  await Promise.resolve();
  pause.abort();
  await looked;
  const asked = finish(source.after([...PATH, 4], signal));
  goOn();
  await asked;
  assert.deepEqual(runner.runs, [1]);
  checkStates({ runner, source });
});

Deno.test("nothing is begun that would hold up others or lose a state", PATIENCE, async () => {
  const { runner, source } = await begun(false);
  source.runAhead([...PATH, 4]); // a state that cannot be cut back
  assert.deepEqual(runner.runs, []);
  const free = createFakeRunner();
  const other = new LogitsSource(free, 1e6);
  await finish(other.after(PATH, signal));
  free.runs.length = 0;
  other.runAhead([...PATH, ...Array.from({ length: 9 }, () => 4)]); // more than clicks
  other.runAhead(PATH); // known
  const gate = Promise.withResolvers<void>();
  free.onRun = () => gate.promise;
  const asked = finish(other.after([9], signal));
  await Promise.resolve();
  await Promise.resolve();
  other.runAhead([...PATH, 4]); // another computes
  gate.resolve();
  await asked;
  assert.deepEqual(free.runs, [1]);
});
