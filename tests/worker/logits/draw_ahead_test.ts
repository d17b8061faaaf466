import assert from "node:assert/strict";
import type { LanguageModel } from "../../../lib/decode/types.ts";
import { uniformAt } from "../../../lib/sampling/rng.ts";
import { createDrawAhead } from "../../../lib/worker/logits/draw_ahead.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { stepRequest } from "../../../lib/api/endpoints/step.ts";
import { runStep } from "../../decode/jobs.ts";
import { withEngine } from "../../engine/real_engine.ts";
import { specFor } from "../../engine/spec.ts";
import { fakeLanguage } from "../../fake_language.ts";
import { FAKE_INFO } from "../../fakes.ts";

const FRANCE = { prompt: "The capital of France is" };
const HOT = { temperature: 3, top_p: 1, repetition_penalty: 1 };

/** A model that notes the paths whose run was begun ahead; its own numbers are `numbers`. */
function noting(numbers: readonly number[] = [], guesses = true) {
  const begun: (readonly number[])[] = [];
  const left = [...numbers];
  const drawAhead = createDrawAhead({ runAhead: (ids) => begun.push(ids) }, guesses, () => left.shift()!);
  const model: LanguageModel = { ...fakeLanguage(FAKE_INFO), drawAhead };
  return { model, begun };
}

Deno.test("every token of a text that plays is the one that was drawn ahead, with a seed and without", async () => {
  for (const seed of [null, 7]) {
    const numbers = Array.from({ length: 20 }, (_, at) => (at * 0.37 + 0.11) % 1);
    const { model, begun } = noting(numbers);
    const params = { ...HOT, seed };
    let completion_ids: readonly number[] = [];
    for (let at = 0; at < 12; at++) {
      const body = { ...FRANCE, completion_ids, params, include: ["next"] };
      const before = begun.at(-1);
      const { new_completion_ids, appended_meta: [meta], done } = await runStep(model, body, 0.999);
      if (before) assert.equal(meta!.selected_id, before.at(-1));
      const position = meta!.draw!.position;
      const expected = seed !== null ? uniformAt(seed, position) : at === 0 ? 0.999 : numbers[at - 1];
      assert.equal(meta!.draw!.u, expected);
      completion_ids = new_completion_ids;
      if (done) break;
    }
    assert.ok(begun.length > 3);
  }
});

Deno.test("a number is drawn with once, and only behind the path that it was chosen for", async () => {
  const { model } = noting([0.25, 0.75, 0.5]);
  const first = await runStep(model, { ...FRANCE, params: HOT, include: ["next"] }, 0.1);
  const body = { ...FRANCE, completion_ids: first.new_completion_ids, params: HOT };
  const number = async (change: object, random: number) =>
    (await runStep(model, { ...body, ...change }, random)).appended_meta[0]!.draw!.u;
  assert.equal(await number({ u: 0.6 }, 0.3), 0.6, "what is asked for goes first");
  const { position } = first.appended_meta[0]!.draw!;
  assert.equal(await number({ params: { ...HOT, seed: 3 } }, 0.3), uniformAt(3, position + 1));
  assert.equal(await number({ completion_ids: [] }, 0.3), 0.3);
  assert.equal(await number({}, 0.3), 0.25);
  assert.equal(await number({}, 0.3), 0.3);
});

Deno.test("nothing is drawn ahead of a forced token, of an end, or where nobody asks for what comes next", async () => {
  const { model, begun } = noting([0.5, 0.5, 0.5]);
  await runStep(model, { ...FRANCE, params: HOT }, 0.1);
  await runStep(model, { ...FRANCE, params: HOT, include: ["next"], force_token_id: 5 }, 0.1);
  assert.deepEqual(begun, []);
});

Deno.test("without guesses a token is drawn ahead only where the request says that the next one follows", async () => {
  const { model, begun } = noting([0.25, 0.75], false);
  const body = { ...FRANCE, params: HOT, include: ["next"] };
  await runStep(model, body, 0.1);
  assert.equal(begun.length, 0);
  const { new_completion_ids } = await runStep(model, { ...body, goes_on: true }, 0.1);
  assert.equal(begun.length, 1);
  const { appended_meta: [meta] } = await runStep(
    model,
    { ...body, completion_ids: new_completion_ids },
    0.3,
  );
  assert.deepEqual([meta!.draw!.u, meta!.selected_id], [0.25, begun[0]!.at(-1)]);
});

for (const runner of ["native", "addon"] as const) {
  Deno.test(`${runner}: a text that plays is that of a worker that never guesses`, async () => {
    const play = async (prefetch: boolean, goes_on = false) => {
      const steps: unknown[] = [];
      await withEngine(specFor("tiny-llama-gqa", { runner, prefetch }), async ({ engine }) => {
        let completion_ids: readonly number[] = [];
        for (let at = 0; at < 12; at++) {
          const body = {
            ...{ prompt_ids: [3, 11, 29, 5], completion_ids, params: { ...HOT, seed: 5 } },
            ...{ include: ["next"], top_k: 3, goes_on },
          };
          const options = { client: "page", signal: new AbortController().signal };
          const answer = await engine.submit("step", parseRequest(stepRequest, body), options);
          const { new_completion_ids, appended_meta, next, done } = answer;
          const shown = next?.tokens.map(({ id, p_final }) => [id, Math.round(p_final * 1e5)]);
          steps.push([new_completion_ids, appended_meta[0]?.draw, shown]);
          completion_ids = new_completion_ids;
          if (done) break;
        }
      });
      return steps;
    };
    const guessing = await play(true);
    assert.ok(guessing.length > 1);
    const alone = await play(false);
    assert.deepEqual(guessing, alone);
    assert.deepEqual(await play(false, true), alone);
  });
}
