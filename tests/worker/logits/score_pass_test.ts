import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cost, PathScores, Tops } from "../../../lib/decode/types.ts";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { entropyBits, softmax } from "../../sampling/plain.ts";
import { topIds } from "../../../lib/sampling/order.ts";
import { scoreOf } from "../../../lib/sampling/score.ts";
import { finish } from "../../decode/jobs.ts";
import { createFakeRunner, fakeLogitsOf } from "../../fake_runner.ts";

const signal = new AbortController().signal;
const VOCABULARY = 32;
const path = (length: number, seed = 0) => Array.from({ length }, (_, at) => (at * 7 + seed) % VOCABULARY);

/** The scores from one distribution after another. */
function checkScores(ids: readonly number[], { logprobs, ranks, entropies }: PathScores & Cost): void {
  assert.deepEqual([logprobs.length, ranks.length, entropies.length], [ids.length, ids.length, ids.length]);
  assert.ok(Number.isNaN(logprobs[0]) && ranks[0] === -1 && Number.isNaN(entropies[0]));
  for (let at = 1; at < ids.length; at++) {
    const logits = fakeLogitsOf(ids.slice(0, at), VOCABULARY);
    const probs = softmax(logits);
    assert.ok(Math.abs(Math.exp(logprobs[at]!) - probs[ids[at]!]!) < 1e-12, `p of ${at}`);
    assert.ok(Math.abs(entropies[at]! - entropyBits(probs)) < 1e-9, `entropy of ${at}`);
    assert.equal(ranks[at], logits.filter((logit) => logit > logits[ids[at]!]!).length);
  }
}

Deno.test("a pass scores every token in chunks, and leaves the logits after the path known", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  const ids = path(300);
  const slices = source.scores(ids, signal);
  assert.deepEqual(await slices.next(), { done: false, value: { done: 128, total: 300 } });
  const scores = await finish(slices);
  checkScores(ids, scores);
  assert.deepEqual(runner.runs, [128, 128, 44]);
  assert.equal(scores.computedTokens, 300);
  const answer = await finish(source.after(ids, signal));
  assert.equal(answer.computedTokens, 0);
  assert.deepEqual(answer.logits, fakeLogitsOf(ids, VOCABULARY));
});

Deno.test("after a click the scores cost nothing, and the next logits one token", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  const ids = path(20);
  await finish(source.scores(ids, signal));
  const longer = [...ids, 3];
  const scores = await finish(source.scores(longer, signal));
  checkScores(longer, scores);
  assert.equal(scores.computedTokens, 0);
  assert.equal((await finish(source.after(longer, signal))).computedTokens, 1);
  assert.equal((await finish(source.scores(longer, signal))).computedTokens, 0);
});

Deno.test("another branch computes its own part alone", async () => {
  const source = new LogitsSource(createFakeRunner(VOCABULARY), 1e6);
  await finish(source.scores(path(100), signal));
  const branch = [...path(60), 1, 1, 1, 1];
  const scores = await finish(source.scores(branch, signal));
  checkScores(branch, scores);
  assert.equal(scores.computedTokens, 5); // the last shared token runs again: it predicts the first new one
});

Deno.test("a pass that is stopped keeps what it had", async () => {
  const runner = createFakeRunner(VOCABULARY);
  const source = new LogitsSource(runner, 1e6);
  const ids = path(200);
  const slices = source.scores(ids, signal);
  await slices.next();
  await slices.return(undefined as never);
  const stopped = new AbortController();
  runner.onRun = () => stopped.abort();
  await assert.rejects(finish(source.scores(ids, stopped.signal)), { name: "AbortError" });
  runner.onRun = () => {};
  const scores = await finish(source.scores(ids, signal));
  checkScores(ids, scores);
  assert.equal(scores.computedTokens, 72);
  source.clear();
  assert.equal(runner.live, 0);
});

Deno.test("scores are those of fresh runs over random edits, whatever is known and evicted", async () => {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), id: fc.nat(5) }),
    fc.record({ kind: fc.constant("cut" as const), by: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constantFrom("clear" as const, "logits" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { maxLength: 30 }),
      fc.integer({ min: 0, max: 400 }),
      async (edits, budget) => {
        const runner = createFakeRunner(VOCABULARY);
        const source = new LogitsSource(runner, budget);
        let ids = [1];
        for (const step of edits) {
          if (step.kind === "append") ids = [...ids, step.id];
          else if (step.kind === "cut") ids = ids.slice(0, Math.max(1, ids.length - step.by));
          else if (step.kind === "clear") source.clear();
          else await finish(source.after(ids, signal));
          checkScores(ids, await finish(source.scores(ids, signal)));
          assert.deepEqual((await finish(source.after(ids, signal))).logits, fakeLogitsOf(ids, VOCABULARY));
        }
        source.clear();
        assert.equal(runner.live, 0);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("tops: the most probable tokens of every place, from the cache where it has as many", async () => {
  const source = new LogitsSource(createFakeRunner(VOCABULARY), 1e6);
  const ids = path(150);
  const check = ({ tops }: Tops, count: number) => {
    assert.equal(tops!.count, count);
    assert.ok(tops!.ids.subarray(0, count).every((id) => id === -1) && Number.isNaN(tops!.logprobs[0]));
    for (let at = 1; at < ids.length; at++) {
      const logits = fakeLogitsOf(ids.slice(0, at), VOCABULARY);
      const best = [...topIds(logits, count)];
      assert.deepEqual([...tops!.ids.subarray(at * count, (at + 1) * count)], best);
      const expected = best.map((id) => scoreOf(logits, id).logprob); // to the bit
      assert.deepEqual([...tops!.logprobs.subarray(at * count, (at + 1) * count)], expected);
    }
  };
  assert.equal((await finish(source.scores(ids, signal))).tops, null);
  const three = await finish(source.scores(ids, signal, 3));
  check(three, 3);
  assert.ok(three.computedTokens > 0, "scores without tops are not enough");
  const one = await finish(source.scores(ids, signal, 1));
  check(one, 1);
  assert.equal(one.computedTokens, 0);
  assert.equal((await finish(source.scores(ids, signal))).computedTokens, 0);
  check(await finish(source.scores(ids, signal, VOCABULARY + 5)), VOCABULARY);
});
