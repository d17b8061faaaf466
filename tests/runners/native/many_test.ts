// Many runs at once: each gives what it gives alone, bit by bit, whether their states share memory or not.
import assert from "node:assert/strict";
import { BUNDLED } from "../goldens.ts";
import { openForMany, openNative } from "../native_fixture.ts";
import type { Kv, LmRunner } from "../../../lib/runners/types.ts";

const TINY = new URL("../../fixtures/tiny-models/", import.meta.url);
const MODELS = {
  "a tiny model with shared buffers": [new URL("tiny-llama-gqa/", TINY), "model"],
  "a tiny model whose states grow": [new URL("tiny-qwen3/", TINY), "model"],
  "the bundled model": [BUNDLED, "model_q4"],
} as const;
const PROMPT = [3, 1, 4, 1, 5, 9, 2, 6];
const MANY = 20;
const tails = Array.from({ length: MANY }, (_, at) => [[7 + at, 2 * at, 11], [5 + 3 * at]] as const);

interface Walk {
  readonly logits: readonly Float32Array[];
}

/** Some tokens behind a fork of `start`, and one more. */
async function walk(runner: LmRunner, start: Kv, [some, one]: readonly (readonly number[])[]): Promise<Walk> {
  const first = await runner.run(runner.fork(start), some!);
  const second = await runner.run(first.kv, one!);
  runner.release(second.kv);
  return { logits: [first.logits, second.logits] };
}

for (const [name, [folder, file]] of Object.entries(MODELS)) {
  const path = new URL(`onnx/${file}.onnx`, folder).pathname;
  const readConfig = async () =>
    JSON.parse(await Deno.readTextFile(new URL("config.json", folder))) as unknown;
  Deno.test(`many runs of ${name} at once give what each gives alone`, async () => {
    const config = await readConfig();
    const plain = await openNative(path, config);
    let opened = 0;
    const runner = await openForMany(path, config, () => opened++);
    try {
      assert.ok(runner.atOnce > 1);
      const read = await plain.run(plain.empty(), PROMPT);
      const alone: Walk[] = [];
      for (const tail of tails) alone.push(await walk(plain, read.kv, tail));
      const start = await runner.run(runner.empty(), PROMPT);
      for (const round of ["in turn, then beside", "side by side"]) {
        const found = await Promise.all(tails.map((tail) => walk(runner, start.kv, tail)));
        assert.deepEqual(found, alone, round);
        assert.equal(opened, 1);
      }
      const last = await walk(runner, start.kv, tails[0]!);
      assert.deepEqual(last, alone[0], "alone again");
      plain.release(read.kv);
      runner.release(start.kv);
    } finally {
      await plain.dispose();
      await runner.dispose();
    }
  });

  Deno.test(`many runs of ${name}: one that is given up leaves the others`, async () => {
    const config = await readConfig();
    const runner = await openForMany(path, config, () => {});
    try {
      const start = await runner.run(runner.empty(), PROMPT);
      const expected = await walk(runner, start.kv, tails[0]!);
      const controllers = tails.map(() => new AbortController());
      const runs = controllers.map(({ signal }) => {
        const kv = runner.fork(start.kv);
        return runner.run(kv, tails[0]![0], { signal }).catch((error: Error) => {
          assert.equal(error.name, "AbortError");
          return { logits: null, kv }; // still good
        });
      });
      controllers.forEach((controller, at) => at % 2 === 1 && controller.abort());
      for (const [at, { logits, kv }] of (await Promise.all(runs)).entries()) {
        if (at % 2 === 0) assert.deepEqual(logits, expected.logits[0]);
        runner.release(kv);
      }
      runner.release(start.kv);
    } finally {
      await runner.dispose();
    }
  });
}
