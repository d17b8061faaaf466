// Scores where the logits lie, against the same rows looked at one by one.
import { strict as assert } from "node:assert";
import { topIds } from "../../../lib/sampling/order.ts";
import { logprobFrom, scoreFrom, scoreOf } from "../../../lib/sampling/score.ts";
import { buildScoringModel } from "../../../lib/onnx/scoring_graph.ts";
import type { Ort } from "../../../lib/ort/api.ts";
import { openNativeGraph } from "../../../lib/ort/native_graph.ts";
import type { LmRunner, ScoredRows } from "../../../lib/runners/types.ts";
import { goldenFiles } from "../goldens.ts";
import { openBundled, openLibrary, openNative } from "../native_fixture.ts";

/** Float32 sums of a vocabulary in two steps; seen: 3e-7. */
const CLOSE = 1e-6;

/** Rows as `scoreOf` and `topIds` see them. */
function checkRows(rows: ScoredRows, logits: Float32Array, targets: readonly number[], top: number): void {
  const vocabulary = logits.length / targets.length;
  assert.deepEqual([rows.own.length, rows.topIds.length], [targets.length, targets.length * top]);
  targets.forEach((id, at) => {
    const row = logits.subarray(at * vocabulary, (at + 1) * vocabulary);
    const expected = scoreOf(row, id);
    const { own, max, sum, weighted, ranks } = rows;
    const score = scoreFrom({
      ...{ own: own[at]!, max: max[at]!, sum: sum[at]!, weighted: weighted[at]! },
      rank: ranks[at]!,
    });
    assert.equal(own[at], row[id]);
    assert.equal(score.rank, expected.rank);
    assert.equal(score.scale.max, expected.scale.max);
    assert.ok(Math.abs(score.logprob - expected.logprob) <= CLOSE || score.logprob === expected.logprob);
    assert.ok(Math.abs(score.entropyBits - expected.entropyBits) <= 10 * CLOSE);
    const best = [...topIds(row, top)];
    assert.deepEqual([...rows.topIds.subarray(at * top, (at + 1) * top)], best);
    assert.deepEqual([...rows.topLogits.subarray(at * top, (at + 1) * top)], best.map((id) => row[id]));
    if (score.rank === 0 && top > 0) { // the argmax among the tops, to the bit
      assert.equal(logprobFrom(rows.topLogits[at * top]!, score.scale), score.logprob);
    }
  });
  assert.deepEqual(rows.last, logits.slice(-vocabulary));
}

async function checkRunner(runner: LmRunner, ids: readonly number[], tops: readonly number[]): Promise<void> {
  for (const top of tops) {
    for (const logitsToKeep of [ids.length, 1]) {
      const targets = Array.from({ length: logitsToKeep }, (_, at) => (at * 131 + 7) % runner.vocabSize);
      const { logits, kv } = await runner.run(runner.empty(), ids, { logitsToKeep });
      const scored = await runner.runScored!(runner.empty(), ids, { targets, top });
      checkRows(scored.rows, logits, targets, top);
      const [next, other] = [await runner.run(kv, [3]), await runner.run(scored.kv, [3])];
      assert.deepEqual(other.logits, next.logits, "the state goes on as after a run");
      for (const { kv } of [next, other]) runner.release(kv);
    }
  }
}

for (const file of goldenFiles()) {
  Deno.test(`scored rows of ${file.model}/${file.file}`, async () => {
    const runner = await openNative(file.path, file.config);
    try {
      const ids = Array.from({ length: 37 }, (_, at) => (at * 17 + 3) % runner.vocabSize);
      await checkRunner(runner, ids, [0, 1, 5, runner.vocabSize]);
    } finally {
      await runner.dispose();
    }
  });
}

Deno.test("scored rows of the bundled model; a run that is stopped leaves its state as it was", async () => {
  const runner = await openBundled(openNative);
  try {
    const ids = Array.from({ length: 20 }, (_, at) => (at * 977 + 3) % runner.vocabSize);
    await checkRunner(runner, ids, [1, 20]);
    const stop = new AbortController();
    const kv = runner.empty();
    const run = runner.runScored!(kv, ids, { targets: ids, top: 1 }, { signal: stop.signal });
    stop.abort();
    await assert.rejects(run, { name: "AbortError" });
    assert.equal(kv.length, 0);
    const { logits } = await runner.run(kv, ids);
    assert.ok(logits.every(Number.isFinite));
  } finally {
    await runner.dispose();
  }
});

Deno.test("a runner that is disposed of waits for its scoring, which gives back what the runner owns", async () => {
  const library = openLibrary();
  let [runs, disposed, late] = [0, false, 0];
  const call: Ort["call"] = {
    ...library.call,
    Run: (...parameters) => (runs++, library.call.Run(...parameters)),
    ReleaseValue: (value) => disposed ? void late++ : library.call.ReleaseValue(value),
  };
  const runner = await openBundled((path, config) => openNative(path, config, { ...library, call }));
  const ids = Array.from({ length: 64 }, (_, at) => at + 3);
  const scored = runner.runScored!(runner.empty(), ids, { targets: ids, top: 20 });
  const ended = assert.rejects(scored, { name: "AbortError" });
  while (runs < 2) await new Promise((resolve) => setTimeout(resolve)); // the model's, then the first rows' scores
  await runner.dispose();
  disposed = true;
  await ended;
  assert.equal(late, 0);
});

Deno.test("impossible tokens, equal logits and a vocabulary that has no divisor", async () => {
  for (const vocabulary of [7, 49, 50257]) {
    const bytes = buildScoringModel("float32", vocabulary);
    const graph = await openNativeGraph(openLibrary(), { bytes, folder: "." });
    const logits = Float32Array.from({ length: 2 * vocabulary }, (_, at) => Math.round(Math.sin(at) * 4));
    logits.set([-Infinity, 4, -1e30], vocabulary);
    const int64 = (value: number[], dims = [value.length]) => (
      { type: "int64", dims, data: BigInt64Array.from(value, BigInt) } as const
    );
    const feeds = {
      logits: { type: "float32", dims: [1, 2, vocabulary], data: logits },
      ...{ start: int64([0]), end: int64([2]), top: int64([4]), target: int64([2, 0], [1, 2, 1]) },
    } as const;
    const out = await graph.run(feeds, graph.outputs.map(({ name }) => name));
    const column = (name: string) => Float64Array.from(out[name]!.data, Number);
    checkRows(
      {
        ...{ own: column("own"), max: column("max"), sum: column("sum"), weighted: column("weighted") },
        ranks: Int32Array.from(column("ranks")),
        ...{ topIds: Int32Array.from(column("topIds")), topLogits: column("topLogits") },
        last: out.last!.data as Float32Array,
      },
      logits,
      [2, 0],
      4,
    );
    await graph.dispose();
  }
});
