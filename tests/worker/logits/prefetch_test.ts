import assert from "node:assert/strict";
import { createEngine } from "../../../lib/engine/engine.ts";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { Prefetcher } from "../../../lib/worker/logits/prefetch.ts";
import { topIds } from "../../../lib/sampling/order.ts";
import { BYTES_PER_TOKEN, createFakeRunner } from "../../fake_runner.ts";
import { createFakePort, NO_MODEL_LISTS, SPEC } from "../../engine/fake_port.ts";
import { ask, withEngine } from "../../engine/real_engine.ts";
import { specFor } from "../../engine/spec.ts";
import { PATIENCE } from "../../patience.ts";

const signal = new AbortController().signal;
const LIMITS = { batch: 2, candidates: 4, contextTokens: 16, budgetMs: 60_000 };

async function answer(source: LogitsSource, ids: readonly number[]): Promise<Float32Array> {
  const slices = source.after(ids, signal);
  for (let step = await slices.next();; step = await slices.next()) if (step.done) return step.value.logits;
}

/** A source that has answered `ids`, and the way to let it speculate to the end. */
async function answered(ids: readonly number[], limits = LIMITS, budget = 1e6) {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, budget);
  const likely = [...topIds(await answer(source, ids), 4)];
  const ended = Promise.withResolvers<void>();
  const prefetcher = new Prefetcher(source, limits, ended.resolve);
  runner.runs.length = 0;
  return { runner, source, likely, prefetcher, ended: ended.promise };
}

Deno.test("speculation makes the likely clicks free, best first and in batches", PATIENCE, async () => {
  const { runner, source, likely, prefetcher, ended } = await answered([1, 2, 3]);
  prefetcher.resume();
  await ended;
  assert.deepEqual(runner.runs, [2, 2]);
  for (const id of likely) await answer(source, [1, 2, 3, id]);
  assert.deepEqual(runner.runs, [2, 2]);
  assert.deepEqual(source.counters.prefetch, { hits: 4, wastedTokens: 0 });
});

Deno.test("speculation stays with the text when something is looked at beside it", PATIENCE, async () => {
  const { runner, source, likely, prefetcher, ended } = await answered([1, 2, 3]);
  const [, second] = likely;
  const peeked = source.after([1, 2, 3, second!], signal, true); // the pointer rests on its bar
  for (let step = await peeked.next(); !step.done;) step = await peeked.next();
  runner.runs.length = 0;
  prefetcher.resume();
  await ended;
  const computed = runner.runs.reduce((sum, count) => sum + count, 0);
  for (const id of likely) await answer(source, [1, 2, 3, id]);
  assert.equal(
    runner.runs.reduce((sum, count) => sum + count, 0),
    computed,
    "a likely click was not computed ahead",
  );
});

Deno.test("requests without a pause never meet speculation", PATIENCE, async () => {
  const { runner, source, prefetcher, ended } = await answered([1]);
  for (let id = 0; id < 20; id++) {
    await prefetcher.pause();
    await answer(source, [1, id]);
    prefetcher.resume();
    await new Promise((resolve) => setTimeout(resolve, 1)); // the way to the page and back
  }
  assert.equal(runner.runs.length, 20);
  await ended; // then there is rest
  assert.ok(runner.runs.length > 20);
});

Deno.test("a request stops the run that speculates; its tokens count as wasted", PATIENCE, async () => {
  const { runner, source, prefetcher } = await answered([1, 2, 3]);
  const running = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  runner.onRun = () => (running.resolve(), stopped.promise);
  prefetcher.resume();
  await running.promise;
  const paused = prefetcher.pause();
  stopped.resolve(); // the run ends now, and hears that it was stopped
  await paused;
  assert.deepEqual(runner.runs, []);
  assert.deepEqual(source.counters.prefetch, { hits: 0, wastedTokens: LIMITS.batch });
  source.clear();
  assert.equal(runner.live, 0);
});

Deno.test("speculation is bounded by context and by time", PATIENCE, async () => {
  const long = await answered(Array.from({ length: LIMITS.contextTokens }, (_, i) => i));
  const late = await answered([1, 2, 3], { ...LIMITS, budgetMs: 0 });
  for (const { prefetcher } of [long, late]) prefetcher.resume();
  await late.ended;
  for (const { runner, prefetcher } of [long, late]) {
    await prefetcher.pause();
    assert.deepEqual(runner.runs, []);
  }
});

Deno.test("speculation evicts no state, and works in place where there is no room", PATIENCE, async () => {
  const budget = 6 * BYTES_PER_TOKEN; // two states of three tokens
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, budget);
  await answer(source, [4, 5, 6]);
  const [first, second] = topIds(await answer(source, [1, 2, 3]), 2) as unknown as [number, number];
  runner.runs.length = 0;
  await source.lookahead([1, 2, 3], [first, second], signal);
  assert.deepEqual(runner.runs, [1, 1]); // one by one
  assert.equal(source.counters.cache.bytes, budget);
  await answer(source, [4, 5, 6, 7]);
  assert.deepEqual(runner.runs, [1, 1, 1]); // its state was still there
  const roomy = new LogitsSource(runner, 100 * BYTES_PER_TOKEN);
  await answer(roomy, [1, 2, 3]);
  await roomy.lookahead([1, 2, 3], [first, second], signal);
  assert.deepEqual(runner.runs.slice(3), [3, 2]); // together
  assert.equal(roomy.counters.cache.bytes, 3 * BYTES_PER_TOKEN);
});

Deno.test("guesses push out no distribution that somebody has seen", PATIENCE, async () => {
  const runner = createFakeRunner(2 ** 18); // a distribution of 1 MiB: the budget of guesses holds 16
  const source = new LogitsSource(runner, 1e6);
  await answer(source, [1, 2, 3]);
  await source.lookahead([1, 2, 3], Array.from({ length: 60 }, (_, id) => id), signal);
  assert.equal(source.counters.prefetch.wastedTokens, 60 - 16);
  runner.runs.length = 0;
  await answer(source, [1, 2, 3]);
  assert.deepEqual(runner.runs, []);
});

Deno.test("the worker speculates only when no job is under way", PATIENCE, async () => {
  const calls: string[] = [];
  const port = createFakePort(undefined, {
    pause: () => Promise.resolve(void calls.push("pause")),
    resume: () => void calls.push("resume"),
  });
  const engine = createEngine({ spec: SPEC, spawn: () => port, modelLists: NO_MODEL_LISTS, log: () => {} });
  await new Promise<void>((resolve) => {
    const stop = engine.subscribe(({ model }) => model.state === "ready" && (stop(), resolve()));
  });
  const input = { ids: null, top_k: 3, temperature: 1 };
  const long = engine.submit("next_token", { ...input, text: "x".repeat(600) }, { client: "long", signal });
  const click = engine.submit("next_token", { ...input, text: "ab" }, { client: "click", signal });
  await Promise.all([long, click]);
  assert.deepEqual(calls, ["pause", "pause", "pause", "pause", "resume"]);
  await engine.close();
});

for (const runner of ["native", "addon"] as const) {
  Deno.test(
    `${runner}: the status counts hits; the answer is that of a worker that never guesses`,
    PATIENCE,
    async () => {
      const ids = [3, 11, 29, 5];
      const counted = async (prefetch: boolean) => {
        const results = { hits: 0, computed: 0, candidates: [] as readonly unknown[] };
        await withEngine(specFor("tiny-llama-gqa", { runner, prefetch }), async ({ engine, statuses }) => {
          const { candidates } = await ask(engine, { ids });
          const told = statuses.length;
          // With speculation its end is told; without it nothing more comes.
          while (prefetch && statuses.length === told) await new Promise((resolve) => setTimeout(resolve, 1));
          const next = await ask(engine, { ids: [...ids, candidates[0]!.id] });
          results.candidates = next.candidates.map(({ id, prob }) => [id, Math.round(prob * 1e5)]);
          results.computed = next.timing.computed_tokens;
          results.hits = engine.status().prefetch.hits;
        });
        return results;
      };
      const [guessed, computed] = [await counted(true), await counted(false)];
      assert.deepEqual([guessed.hits, guessed.computed], [1, 0]);
      assert.deepEqual([computed.hits, computed.computed], [0, 1]);
      assert.deepEqual(guessed.candidates, computed.candidates);
    },
  );
}
