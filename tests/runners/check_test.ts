import { strict as assert } from "node:assert";
import { checkAgainst, checkStates, referenceOf } from "../../lib/runners/check.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { goldenFiles } from "./goldens.ts";
import { openAddon, openNative } from "./native_fixture.ts";

const IDS = [12, 7, 99, 42, 5, 180, 31, 3];

Deno.test("self-check: native and addon agree on every file", async () => {
  for (const file of goldenFiles()) {
    const native = await openNative(file.path, file.config);
    const addon = await openAddon(file.path, file.config);
    try {
      assert.equal(
        await checkAgainst(native, await referenceOf(addon, IDS), IDS),
        null,
        `${file.model}/${file.file}`,
      );
    } finally {
      await native.dispose();
      await addon.dispose();
    }
  }
});

/** A runner whose logits or states are damaged in one way. */
function damaged(runner: LmRunner, change: Partial<LmRunner>): LmRunner {
  return { ...runner, ...change };
}

Deno.test("self-check: says what differs", async () => {
  const [file, second] = goldenFiles();
  assert.ok(file && second);
  const runner = await openNative(file.path, file.config);
  const wrong = (by: number, when: (ids: readonly number[]) => boolean) =>
    damaged(runner, {
      async run(kv, ids, options) {
        const result = await runner.run(kv, ids, options);
        if (when(ids)) result.logits[17] = (result.logits[17] ?? 0) + by;
        return result;
      },
    });
  try {
    const theirs = await referenceOf(runner, IDS);
    const prefill = await checkAgainst(wrong(0.5, (ids) => ids.length > 1), theirs, IDS);
    assert.match(prefill ?? "", /differ: at position 0 by 5\.0e-1 in a logit/);
    const cached = await checkAgainst(wrong(0.5, (ids) => ids.length === 1), theirs, IDS);
    assert.match(cached ?? "", /differ: at position 1 by/);
    const none = await checkAgainst(wrong(NaN, () => true), theirs, IDS);
    assert.match(none ?? "", /NaN/);
    const size = await checkAgainst(damaged(runner, { vocabSize: 5 }), theirs, IDS);
    assert.match(size ?? "", /5 tokens but the one beside it/);
  } finally {
    await runner.dispose();
  }
});

Deno.test("state check: passes, and notices a truncation that forgets to cut", async () => {
  for (const file of goldenFiles().filter((candidate) => candidate.file.startsWith("model_q"))) {
    const runner = await openNative(file.path, file.config);
    try {
      assert.equal(await checkStates(runner, IDS), null, `${file.model}/${file.file}`);
      const broken = damaged(runner, { truncate: (kv) => runner.truncate(kv, kv.length) });
      assert.match((await checkStates(broken, IDS)) ?? "", /changed by a fork and a truncation/);
    } finally {
      await runner.dispose();
    }
  }
});
