// Branches of the bundled model share their past and are there when somebody comes back, without the logits cache.
import assert from "node:assert/strict";
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import { distOf } from "../../lib/sampling/dist.ts";
import { largestDifference } from "../runners/goldens.ts";
import { openBundled, openNative } from "../runners/native_fixture.ts";
import { pathOf } from "./mortal_workers.ts";
import { finish } from "../finish.ts";

const DEFAULT_BUDGET = 2 ** 30;
const NO_LOGITS = 1; // bytes: every answer is computed
const signal = new AbortController().signal;

Deno.test("A → B → A of 500 tokens each computes one token; nothing grows from going to and fro", async () => {
  const runner = await openBundled(openNative);
  const source = new LogitsSource(runner, DEFAULT_BUDGET, NO_LOGITS);
  const ask = (ids: readonly number[]) => finish(source.after(ids, signal));
  const shared = pathOf(300, 1, runner.vocabSize);
  const [a, b] = [2, 3].map((seed) => [...shared, ...pathOf(200, seed, runner.vocabSize)]) as [
    number[],
    number[],
  ];
  const first = await ask(a);
  assert.equal(first.computedTokens, 500);
  assert.equal((await ask(b)).computedTokens, 200);
  const sizes: number[] = [];
  for (let round = 0; round < 10; round++) {
    const back = await ask(a);
    assert.ok(back.computedTokens <= 1);
    assert.ok(largestDifference(distOf(back.logits).probs, distOf(first.logits).probs) <= 1e-4);
    assert.ok((await ask(b)).computedTokens <= 1);
    sizes.push(source.counters.cache.bytes);
  }
  console.log(`cache in MB: ${sizes.map((bytes) => Math.round(bytes / 1e6)).join(" ")}`);
  assert.ok(sizes.every((bytes) => bytes === sizes[0]));
  source.clear();
  await runner.dispose();
});
