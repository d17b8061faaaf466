import assert from "node:assert/strict";
import fc from "fast-check";
import type { LogitsAnswer } from "../../../lib/decode/types.ts";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { PIECE_TOKENS } from "../../../lib/runners/types.ts";
import { BYTES_PER_TOKEN, createFakeRunner, fakeLogitsOf } from "../../fake_runner.ts";
import { finish } from "../../finish.ts";

const signal = new AbortController().signal;
const path = (length: number, seed = 0) => Array.from({ length }, (_, i) => (i * 7 + seed) % 32);

Deno.test("LogitsSource computes one token for a path it knows but for the last", async () => {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, 1e6);
  await finish(source.after([1, 2, 3], signal));
  const next = await finish(source.after([1, 2, 3, 4], signal));
  assert.equal(next.computedTokens, 1);
  assert.deepEqual(next.logits, fakeLogitsOf([1, 2, 3, 4], 32));
  assert.equal((await finish(source.after([1, 2, 3], signal))).computedTokens, 0);
  assert.deepEqual([[1, 2, 3], [1, 2, 3, 4], [1, 2]].map((ids) => source.knows(ids)), [true, true, false]);
});

Deno.test("logits that are no numbers are a sentence, and never remembered; -infinity is a token that cannot come", async () => {
  const bad = [NaN, Infinity];
  for (const value of [...bad, -Infinity]) {
    const runner = createFakeRunner();
    const run = runner.run.bind(runner);
    runner.run = async (kv, ids, options) => {
      const answer = await run(kv, ids, options);
      answer.logits[5] = value;
      return answer;
    };
    const source = new LogitsSource(runner, 1e6);
    for (let twice = 0; twice < 2; twice++) {
      const asked = finish(source.after([1, 2, 3], signal));
      if (value === -Infinity) assert.equal((await asked).logits[5], value);
      else await assert.rejects(asked, /^Error: The model gives (NaN|\+infinity).* Choose another dtype/);
    }
    source.clear();
    assert.equal(runner.live, 0);
  }
});

Deno.test("LogitsSource pauses between chunks and keeps what it has when it is dropped", async () => {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, 1e6);
  const ids = path(PIECE_TOKENS * 2 + 10);
  const slices = source.after(ids, signal);
  assert.deepEqual(await slices.next(), { done: false, value: { done: PIECE_TOKENS, total: ids.length } });
  await slices.return(undefined as never);
  assert.equal((await finish(source.after(ids, signal))).computedTokens, PIECE_TOKENS + 10);
  assert.deepEqual(runner.runs, [PIECE_TOKENS, PIECE_TOKENS, 10]);
});

Deno.test("a state that memory has no room for is skipped and said; the answer that is there is given", async () => {
  for (const cutsFrom of [0, 1]) {
    const runner = createFakeRunner();
    const truncate = runner.truncate.bind(runner);
    let cuts = 0;
    runner.truncate = (kv, length) => {
      if (cuts++ >= cutsFrom) throw new Error("Failed to allocate memory for requested buffer of size 1024");
      return truncate(kv, length);
    };
    const said: string[] = [];
    const source = new LogitsSource(runner, 1e6, undefined, (sentence) => said.push(sentence));
    for (const ids of [[1, 2, 3, 4, 5], [1, 2, 9], [1, 2, 3, 4, 5, 6]]) {
      assert.deepEqual((await finish(source.after(ids, signal))).logits, fakeLogitsOf(ids, 32));
    }
    assert.match(said[0] ?? "", /^The keys and values of \d tokens are not kept: Failed to allocate/);
    source.clear();
    assert.equal(runner.live, 0);
  }
});

Deno.test("LogitsSource keeps the states of a prompt's pieces where none can be cut, so that an edit of its end is cheap", async () => {
  const runner = createFakeRunner(32, false);
  const source = new LogitsSource(runner, 1e6);
  const ids = path(PIECE_TOKENS * 2 + 10);
  await finish(source.after(ids, signal));
  assert.equal((await finish(source.after([...ids.slice(0, -3), 1, 1], signal))).computedTokens, 9);
  assert.equal((await finish(source.after(ids.slice(0, PIECE_TOKENS + 1), signal))).computedTokens, 1);
});

Deno.test("LogitsSource stays right after an abort in the middle of a run", async () => {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, 1e6);
  await finish(source.after([1, 2], signal));
  const controller = new AbortController();
  runner.onRun = () => controller.abort();
  await assert.rejects(finish(source.after([1, 2, 3, 4], controller.signal)), { name: "AbortError" });
  runner.onRun = () => {};
  const answer = await finish(source.after([1, 2, 3, 4], signal));
  assert.equal(answer.computedTokens, 2);
  assert.deepEqual(answer.logits, fakeLogitsOf([1, 2, 3, 4], 32));
});

Deno.test("LogitsSource computes a prompt once for two who ask at the same time", async () => {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, 1e6);
  const ids = path(PIECE_TOKENS * 3);
  const first = source.after(ids, signal), second = source.after(ids, signal);
  const answers: LogitsAnswer[] = [];
  const waiting = [first, second];
  while (waiting.length > 0) {
    const slices = waiting.shift()!;
    const { done, value } = await slices.next();
    if (done) answers.push(value);
    else waiting.push(slices);
  }
  assert.deepEqual(runner.runs, [PIECE_TOKENS, PIECE_TOKENS, PIECE_TOKENS]);
  assert.deepEqual(answers[0]!.logits, answers[1]!.logits);
});

Deno.test("LogitsSource lets one long prefill wait for another where memory is short, clicks pass", async () => {
  const order = async (budget: number) => {
    const runner = createFakeRunner();
    const source = new LogitsSource(runner, budget);
    const waiting = [
      source.after(path(600), signal),
      source.after(path(520, 3), signal),
      source.after([9, 9], signal),
    ];
    while (waiting.length > 0) {
      const slices = waiting.shift()!;
      if (!(await slices.next()).done) waiting.push(slices);
    }
    return runner.runs;
  };
  assert.deepEqual(await order(1e6), [256, 256, 2, 256, 256, 88, 8]);
  assert.deepEqual(await order(2 * 256 * BYTES_PER_TOKEN), [256, 2, 256, 88, 256, 256, 8]);
  assert.deepEqual(await order(0), [256, 2, 256, 88, 256, 256, 8]);
});

Deno.test("LogitsSource answers from speculation and counts it", async () => {
  const runner = createFakeRunner();
  const source = new LogitsSource(runner, 1e6);
  await finish(source.after([1, 2, 3], signal));
  await source.lookahead([1, 2, 3], [7, 8], signal);
  const hit = await finish(source.after([1, 2, 3, 8], signal));
  assert.equal(hit.computedTokens, 0);
  assert.deepEqual(hit.logits, fakeLogitsOf([1, 2, 3, 8], 32));
  assert.equal(source.counters.prefetch.hits, 1);
  await source.lookahead([1, 2, 3, 8], [5], signal); // catches up with the click, then looks ahead
  assert.deepEqual(
    (await finish(source.after([1, 2, 3, 8, 5], signal))).logits,
    fakeLogitsOf([1, 2, 3, 8, 5], 32),
  );
});

Deno.test("LogitsSource gives the logits of a fresh run over random edits, whatever is evicted", async () => {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), id: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant("cut" as const), by: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant("clear" as const) }),
    fc.record({ kind: fc.constant("look" as const), id: fc.integer({ min: 0, max: 5 }) }),
  );
  const property = fc.asyncProperty(
    fc.array(edit, { maxLength: 40 }),
    fc.integer({ min: 0, max: 300 }),
    fc.boolean(),
    async (edits, budget, cuts) => {
      const runner = createFakeRunner(32, cuts);
      const source = new LogitsSource(runner, budget);
      let ids = [1];
      for (const step of edits) {
        if (step.kind === "append") ids = [...ids, step.id];
        else if (step.kind === "cut") ids = ids.slice(0, Math.max(1, ids.length - step.by));
        else if (step.kind === "clear") source.clear();
        else await source.lookahead(ids, [step.id], signal);
        const answer = await finish(source.after(ids, signal));
        assert.deepEqual(answer.logits, fakeLogitsOf(ids, 32));
      }
      source.clear();
      assert.equal(runner.live, 0);
    },
  );
  await fc.assert(property);
});
