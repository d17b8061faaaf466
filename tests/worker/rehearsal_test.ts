import assert from "node:assert/strict";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { rehearseBefore } from "../../lib/worker/rehearsal.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { PATIENCE } from "../patience.ts";

const LIMITS = { clicks: 30, budgetMs: 60_000 };

/** A model that counts the tokens it spells, and the work that comes after its rehearsal. `spell` is called first. */
function prepare(spell: () => void = () => {}) {
  const language = fakeLanguage(FAKE_INFO);
  const seen = { spelled: 0, resumed: 0, paused: 0 };
  const over = Promise.withResolvers<void>();
  const single = (id: number) => {
    seen.spelled++;
    spell();
    return language.codec.single(id);
  };
  const model: LanguageModel = { ...language, codec: { ...language.codec, single } };
  const next = {
    pause: () => Promise.resolve(void seen.paused++),
    resume: () => {
      seen.resumed++;
      over.resolve();
    },
  };
  return { language, model, next, seen, over: over.promise };
}

Deno.test(
  "a rehearsal begins by itself, asks the model for nothing, and then lets the next work go on",
  PATIENCE,
  async () => {
    const { language, model, next, seen, over } = prepare();
    let kept = 0;
    const run = model.distributions.run.bind(model.distributions);
    model.distributions.run = (...args) => (kept++, run(...args));
    const order: string[] = [];
    const clean = () => Promise.resolve(void order.push(`cleaned, resumed ${seen.resumed} times`));
    const work = rehearseBefore(next, model, LIMITS, clean);
    await over;
    assert.deepEqual(order, ["cleaned, resumed 0 times"]);
    assert.ok(seen.spelled > 0, "nothing was answered");
    assert.equal(language.computed, 0, "the model was asked");
    assert.equal(kept, 0, "the model's distributions were used");
    const { spelled } = seen;
    work.resume();
    assert.equal(seen.resumed, 2);
    await work.pause();
    assert.deepEqual(seen, { spelled, resumed: 2, paused: 1 }, "it came once more");
  },
);

Deno.test("a request stops a rehearsal, which goes on after it", PATIENCE, async () => {
  const first = Promise.withResolvers<void>();
  const { model, next, seen, over } = prepare(first.resolve);
  const work = rehearseBefore(next, model, LIMITS);
  await first.promise;
  await work.pause();
  const { spelled } = seen;
  assert.deepEqual(seen, { spelled, resumed: 0, paused: 1 });
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(seen.spelled, spelled, "it went on while it was paused");
  work.resume();
  await over;
  assert.ok(seen.spelled > spelled, "it did not go on");
});

Deno.test("a rehearsal that fails is given up, and the next work goes on", PATIENCE, async () => {
  const { model, next, seen, over } = prepare(() => {
    throw new Error("no such token");
  });
  const work = rehearseBefore(next, model, LIMITS);
  await over;
  assert.equal(seen.spelled, 1, "it was tried again");
  await work.pause();
});

Deno.test("a rehearsal ends when its time is spent", PATIENCE, async () => {
  const { model, next, seen, over } = prepare();
  const whole = prepare();
  rehearseBefore(whole.next, whole.model, LIMITS);
  rehearseBefore(next, model, { ...LIMITS, budgetMs: 0 });
  await over;
  await whole.over;
  assert.ok(seen.spelled < whole.seen.spelled);
});
