import { strict as assert } from "node:assert";
import { faultOf } from "../../../lib/fault.ts";
import type { Kv, LmRunner } from "../../../lib/runners/types.ts";
import { checkGoldens, checkReference, goldenFiles, largestDifference } from "../goldens.ts";
import { contextLength, openAddon, openBundled, openNative } from "../native_fixture.ts";

for (const file of goldenFiles()) {
  Deno.test(`native runner: goldens of ${file.model}/${file.file}`, async (t) => {
    const runner = await openNative(file.path, file.config);
    try {
      await checkGoldens(t, file, runner);
      await t.step("the addon gives the same logits, at once and in pieces", async () => {
        const addon = await openAddon(file.path, file.config);
        try {
          await checkSame(runner, addon, file.cases[0]?.ids ?? []);
        } finally {
          await addon.dispose();
        }
      });
      await t.step(
        "lookahead gives what single runs give",
        () => checkLookaheads(runner, file.cases[0]?.ids ?? []),
      );
      await t.step(
        "a context that is too long is a fault",
        () => checkRoom(runner, contextLength(file.config)),
      );
    } finally {
      await runner.dispose();
    }
  });
}

/** The same kernels on the same pieces: the same logits to the last bits. */
async function checkSame(native: LmRunner, addon: LmRunner, ids: readonly number[]): Promise<void> {
  for (const size of [ids.length, 3, 1]) {
    let [ours, theirs] = [native.empty(), addon.empty()];
    for (let start = 0; start < ids.length; start += size) {
      const part = ids.slice(start, start + size);
      const [a, b] = [
        await native.run(ours, part, { logitsToKeep: 0 }),
        await addon.run(theirs, part, { logitsToKeep: 0 }),
      ];
      [ours, theirs] = [a.kv, b.kv];
      const difference = largestDifference(a.logits, b.logits);
      assert.ok(difference <= 1e-4, `${size} at a time, from ${start}: they differ by ${difference}`);
    }
    native.release(ours);
    addon.release(theirs);
  }
}

/** Often enough for the one-by-one way, the trial of a batch and the batch itself. */
async function checkLookaheads(runner: LmRunner, ids: readonly number[]): Promise<void> {
  const { kv } = await runner.run(runner.empty(), ids);
  for (const count of [1, 3, 2, 11]) {
    const candidates = Array.from({ length: count }, (_, index) => (index * 37 + count) % runner.vocabSize);
    const rows = await runner.lookahead(kv, candidates);
    for (const [index, id] of candidates.entries()) {
      const alone = await runner.run(runner.fork(kv), [id]);
      runner.release(alone.kv);
      const difference = largestDifference(rows[index] ?? [], alone.logits);
      assert.ok(difference <= 2e-4, `lookahead ${index} of ${count} differs by ${difference}`);
    }
  }
  runner.release(kv);
}

async function checkRoom(runner: LmRunner, limit: number): Promise<void> {
  const { kv } = await runner.run(runner.empty(), new Array<number>(limit - 1).fill(7));
  await assert.rejects(() => runner.run(kv, [1, 2]), (error) => faultOf(error)?.code === "context_too_long");
  const full = await runner.run(kv, [1]);
  await assert.rejects(
    () => runner.lookahead(full.kv, [1]),
    (error) => faultOf(error)?.code === "context_too_long",
  );
  runner.release(full.kv);
}

Deno.test("native runner: ownership", async (t) => {
  const [file] = goldenFiles().filter((candidate) => candidate.model === "tiny-llama-gqa");
  assert.ok(file);
  const runner = await openNative(file.path, file.config);
  const [other] = goldenFiles().filter((candidate) => candidate.model === "tiny-gpt2");
  assert.ok(other);
  const stranger = await openNative(other.path, other.config);

  await t.step("a handle dies once", async () => {
    const kv = runner.empty();
    runner.release(kv);
    assert.throws(() => runner.release(kv), /released or consumed/);
    const start = runner.empty();
    const { kv: next } = await runner.run(start, [1, 2, 3]);
    assert.throws(() => runner.release(start), /released or consumed/);
    await assert.rejects(() => runner.run(start, [4]), /released or consumed/);
    const cut = runner.truncate(next, 2);
    assert.throws(() => runner.fork(next), /released or consumed/);
    runner.release(cut);
    assert.throws(() => runner.bytes(cut), /released or consumed/);
  });
  await t.step("another runner's handle is refused", async () => {
    const kv = stranger.empty();
    assert.throws(() => runner.release(kv), /another runner's/);
    await assert.rejects(() => runner.run({ length: 0 }, [1]), /another runner's/);
    stranger.release(kv);
  });
  await t.step("nothing takes the state of a run away; another one waits for its turn", async () => {
    const [kv, second] = [runner.empty(), runner.empty()];
    const pending = runner.run(kv, [1, 2, 3]);
    assert.throws(() => runner.release(kv), /in use/);
    assert.throws(() => runner.truncate(kv, 0), /in use/);
    const next = runner.run(second, [1]);
    assert.throws(() => runner.release(second), /in use/);
    for (const { kv } of await Promise.all([pending, next])) runner.release(kv);
  });
  await t.step("capacity is room ahead and counted", () => {
    const [small, large] = [runner.empty(), runner.empty(100)];
    assert.equal(runner.bytes(small), 0);
    assert.ok(runner.bytes(large) > 0);
    runner.release(small);
    runner.release(large);
  });
  await t.step("a text that grows token by token has little room that it does not use", async () => {
    const one = runner.empty(64);
    const bytesPerToken = runner.bytes(one) / 64;
    runner.release(one);
    let kv = runner.empty();
    for (let length = 1; length <= 90; length++) {
      kv = (await runner.run(kv, [length])).kv;
      const room = runner.bytes(kv) / bytesPerToken;
      assert.ok(room >= length && room < length + 64, `room for ${room} tokens at ${length}`);
    }
    runner.release(kv);
  });
  await t.step("dispose ends a pending run; handles may be released afterwards", async () => {
    const held: Kv = stranger.empty();
    const kv = stranger.empty();
    const outcome = stranger.run(kv, new Array<number>(90).fill(3)).then(
      (result) => result.kv,
      (error: unknown) => {
        assert.equal((error as Error).name, "AbortError");
        return kv;
      },
    );
    await stranger.dispose();
    stranger.release(await outcome);
    stranger.release(held);
    await assert.rejects(async () => await stranger.run(stranger.empty(), [1]), /disposed/);
  });
  await runner.dispose();
});

Deno.test("native runner: the bundled model", async (t) => {
  const runner = await openBundled(openNative);
  const long = Array.from({ length: 1500 }, (_, index) => 1000 + (index * 7919) % 40000);
  try {
    await t.step("agrees with the reference", async () => {
      await checkReference(runner, ["english_capital", "code_python", "emoji", "one_token"]);
    });
    await t.step("a long run stops on abort and leaves the state as it was", async () => {
      const { kv } = await runner.run(runner.empty(), long.slice(0, 40));
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 150);
      await assert.rejects(() => runner.run(kv, long.slice(40), { signal: controller.signal }), {
        name: "AbortError",
      });
      clearTimeout(timer);
      assert.equal(kv.length, 40);
      const after = await runner.run(kv, long.slice(40, 60), { logitsToKeep: 0 });
      const fresh = await runner.run(runner.empty(), long.slice(0, 40));
      const expected = await runner.run(fresh.kv, long.slice(40, 60), { logitsToKeep: 0 });
      assert.equal(largestDifference(after.logits, expected.logits), 0);
      runner.release(after.kv);
      runner.release(expected.kv);
    });
    await t.step(
      "the logits of a token stay as they were when those of the next go to the same place",
      async () => {
        const one = await runner.run(runner.empty(), [5]);
        const before = one.logits.slice();
        const two = await runner.run(one.kv, [6]);
        assert.deepEqual(one.logits, before);
        const rows = await runner.lookahead(two.kv, [7]);
        const three = await runner.run(two.kv, [8]);
        const whole = await runner.run(runner.empty(), [5, 6, 7]);
        assert.ok(largestDifference(rows[0]!, whole.logits) < 1e-3);
        assert.ok(largestDifference(rows[0]!, three.logits) > 1e-3);
        runner.release(three.kv);
        runner.release(whole.kv);
      },
    );
    await t.step("buffers grow under a state without changing it", async () => {
      let kv = runner.empty();
      for (const end of [200, 250, 300, 520]) {
        ({ kv } = await runner.run(kv, long.slice(kv.length, end)));
      }
      const pieces = await runner.run(kv, [5]);
      const whole = await runner.run(runner.empty(600), [...long.slice(0, 520), 5]);
      assert.ok(largestDifference(pieces.logits, whole.logits) < 1e-3);
      runner.release(pieces.kv);
      runner.release(whole.kv);
    });
    await t.step("room that never was used is given back, unless somebody shares it", async () => {
      const { kv: wide } = await runner.run(runner.empty(2000), long.slice(0, 20));
      const reserved = runner.bytes(wide);
      const fork = runner.fork(wide);
      const shared = runner.truncate(wide, 20);
      assert.equal(runner.bytes(shared), reserved);
      runner.release(fork);
      const trimmed = runner.truncate(shared, 20);
      assert.ok(runner.bytes(trimmed) < reserved / 4);
      const next = await runner.run(trimmed, [5]);
      const whole = await runner.run(runner.empty(), [...long.slice(0, 20), 5]);
      assert.ok(largestDifference(next.logits, whole.logits) < 1e-3);
      runner.release(next.kv);
      runner.release(whole.kv);
    });
    await t.step(
      "lookahead in a batch gives what single runs give",
      () => checkLookaheads(runner, long.slice(0, 30)),
    );
  } finally {
    await runner.dispose();
  }
});
