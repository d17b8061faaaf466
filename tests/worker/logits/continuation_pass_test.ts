import assert from "node:assert/strict";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { scoreOf } from "../../../lib/sampling/score.ts";
import { finish } from "../../decode/jobs.ts";
import { createFakeRunner, fakeLogitsOf } from "../../fake_runner.ts";

const signal = new AbortController().signal;
const VOCABULARY = 32;
const path = (length: number, seed = 0) => Array.from({ length }, (_, at) => (at * 7 + seed) % VOCABULARY);

function check(ids: readonly number[], from: number, logprobs: Float64Array): void {
  const expected = ids.slice(from).map((id, at) =>
    scoreOf(fakeLogitsOf(ids.slice(0, from + at), VOCABULARY), id).logprob
  );
  assert.deepEqual([...logprobs], expected);
}

Deno.test("a few tokens behind a known path are one run, whatever is shared another none", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  await finish(source.after(path(20), signal));
  const first = [...path(20), 1, 2, 3, 4];
  check(first, 20, (await finish(source.continuation(first, 20, signal))).logprobs);
  assert.deepEqual(runner.runs, [20, 3]);
  const single = [...path(20), 9];
  check(single, 20, (await finish(source.continuation(single, 20, signal))).logprobs);
  assert.deepEqual(runner.runs, [20, 3], "its distribution is known");
  const second = [...path(20), 1, 2, 5, 6];
  const answer = await finish(source.continuation(second, 20, signal));
  check(second, 20, answer.logprobs);
  assert.equal(answer.computedTokens, 1, "the beginning is shared");
  assert.equal((await finish(source.after([...path(20), 1, 2], signal))).computedTokens, 0);
});

Deno.test("a long continuation, or a path that the caches have lost, goes in chunks", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  const ids = path(200, 3);
  const slices = source.continuation(ids, 100, signal);
  assert.deepEqual(await slices.next(), { done: false, value: { done: 64, total: 200 } });
  check(ids, 100, (await finish(slices)).logprobs);
  assert.deepEqual(runner.runs, [64, 64, 64, 7]);
});

Deno.test("an abort leaves the state in the cache", async () => {
  const source = new LogitsSource(createFakeRunner(VOCABULARY), 1e6);
  const ids = path(200);
  const slices = source.continuation(ids, 100, signal);
  await slices.next();
  await slices.return(undefined as never);
  assert.equal((await finish(source.continuation(ids, 100, signal))).computedTokens, 199 - 64);
});

Deno.test("what is read along a path is one run, and then known", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  const ids = [...path(20), 1, 2, 3, 4];
  await finish(source.after(path(20), signal));
  assert.equal((await finish(source.along(ids, 20, signal))).computedTokens, 3);
  assert.deepEqual(runner.runs, [20, 3]);
  for (let length = 20; length < ids.length; length++) {
    const { logits } = await finish(source.after(ids.slice(0, length), signal));
    assert.deepEqual(logits, fakeLogitsOf(ids.slice(0, length), VOCABULARY));
  }
  assert.deepEqual(runner.runs, [20, 3]);
});
