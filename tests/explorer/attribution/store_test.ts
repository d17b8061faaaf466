import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { signal } from "@preact/signals";
import type { AttributionProgress, AttributionResult } from "../../../lib/wire/attribution.ts";
import type { AttributionApi, AttributionBody } from "../../../lib/explorer/attribution/api.ts";
import { createAttribution } from "../../../lib/explorer/attribution/store.ts";
import { loadChoice } from "../../../lib/explorer/attribution/stored_choice.ts";
import { FIRST_CHOICE } from "../../../lib/explorer/attribution/methods.ts";
import type { Ghost } from "../../../lib/explorer/asking/peek.ts";
import { undo } from "../../../lib/explorer/moves/path_moves.ts";
import { changeDisplay } from "../../../lib/explorer/moves/setting_moves.ts";
import { choose, make, opened, type World } from "../fake_api.ts";
import { memory } from "../memory_storage.ts";
import { FAKE_MODEL_KEY } from "../../fake_model.ts";
import { attributionAnswer } from "./answers.ts";

const REST_MS = 160;
const PROGRESS: AttributionProgress = { done: 1, total: 2, phase: "computing", left_ms: 10 };

/** A server that answers when it is told to. */
function heldApi() {
  const asked: { readonly body: AttributionBody; readonly signal: AbortSignal; answer(): void }[] = [];
  const api: AttributionApi = {
    async *explain(body, signal): AsyncGenerator<AttributionProgress | AttributionResult> {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => reject(signal.reason));
      asked.push({ body, signal, answer: resolve });
      yield PROGRESS;
      await promise;
      yield attributionAnswer([0.1, 0.9]);
    },
    estimate: () => Promise.reject(new Error("nobody asks here")),
  };
  return { asked, api };
}

async function page(world: World) {
  const { asked, api } = heldApi();
  const ghost = signal<Ghost | null>(null);
  const storage = memory();
  const store = createAttribution({
    explorer: world.explorer,
    ...{ peek: { ghost }, api, storage },
  });
  const close = store.open();
  world.explorer.dispatch((now) => changeDisplay(now, { heat: "attribution" }));
  await world.settled();
  return { store, asked, ghost, storage, close };
}

const bestId = ({ session }: World) => session.answer!.dist.tokens[0]!.id;

Deno.test("explaining asks about the most probable token, tells its progress and keeps the answer", async () => {
  const world = await opened();
  const { store, asked } = await page(world);
  store.explain();
  await delay(1);
  const [{ body, answer }] = asked as [typeof asked[number]];
  assert.equal(body.target_token_id, bestId(world));
  assert.equal(body.method, "occlusion");
  assert.equal(body.faithfulness, true);
  assert.equal(body.model_key, FAKE_MODEL_KEY);
  assert.deepEqual(store.running.value?.progress, PROGRESS);
  answer();
  await delay(1);
  assert.equal(store.running.value, null);
  assert.deepEqual(store.answer.value?.result.attributions, [0.1, 0.9]);
  store.explain();
  await delay(1);
  assert.equal(asked.length, 1, "what is known is not asked again");
});

Deno.test("newest wins: another choice breaks off what is open; a text that is gone too", async () => {
  const world = await opened();
  const { store, asked } = await page(world);
  store.explain();
  await delay(1);
  store.choose({ method: "saliency" });
  assert.ok(asked[0]!.signal.aborted);
  store.explain();
  await delay(1);
  await make(world, choose(1));
  assert.ok(asked[1]!.signal.aborted);
  assert.equal(store.running.value, null);
});

Deno.test("the pointer asks only where it rests, and for nothing that it has left", async () => {
  const world = await opened();
  const { store, asked } = await page(world);
  const ids = world.session.answer!.dist.tokens.map(({ id }) => id);
  for (const id of ids.slice(0, 5)) {
    store.point({ kind: "candidate", id });
    await delay(5);
  }
  assert.equal(asked.length, 0, "nothing yet: it moves");
  await delay(REST_MS + 60);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]!.body.target_token_id, ids[4]);
  assert.equal(asked[0]!.body.faithfulness, undefined, "a picture in passing is not measured");
  store.point(null);
  assert.ok(asked[0]!.signal.aborted);
  store.choose({ method: "integrated_gradients" });
  store.point({ kind: "candidate", id: ids[2]! });
  await delay(REST_MS + 60);
  assert.equal(asked.length, 1, "a slow method waits for Explain");
});

Deno.test("an aim belongs to its place; a span names its ends", async () => {
  const world = await opened();
  await make(world, choose(1), choose(0));
  const { store, asked } = await page(world);
  store.take({ kind: "span", from: 0, to: 2 });
  store.explain();
  await delay(1);
  const { body } = asked[0]!;
  assert.deepEqual(body.target_span, [0, 2]);
  assert.equal(body.completion_ids?.length, 2);
  assert.equal(body.target_token_id, undefined);
  assert.equal(body.faithfulness, undefined, "it is measured for one token, and refused for a span");
  await make(world, undo, undo);
  assert.equal(store.aim.value, null);
});

Deno.test("where one token stands before it nothing can be taken away: nothing is measured", async () => {
  const world = await opened({ prompt: "T" });
  const { store, asked } = await page(world);
  store.explain();
  await delay(1);
  assert.deepEqual([asked[0]!.body.prompt_ids?.length, asked[0]!.body.faithfulness], [1, undefined]);
});

Deno.test("A against B: the rival travels with the methods that know one", async () => {
  const world = await opened();
  const { store, asked } = await page(world);
  const rival = world.session.answer!.dist.tokens[1]!.id;
  store.against(rival);
  for (const method of ["saliency", "attention"] as const) {
    store.choose({ method });
    store.explain();
    await delay(1);
  }
  assert.deepEqual(asked.map(({ body }) => body.contrast_token_id), [rival, undefined]);
});

Deno.test("the choice is remembered under the published key; what is not ours is left alone", async () => {
  const { store, storage } = await page(await opened());
  store.choose({ method: "input_x_gradient", signed: true, segments: "word" });
  assert.equal(storage.getItem("llmDemo.attrMethod"), "input_x_gradient");
  assert.deepEqual(loadChoice(storage), {
    ...FIRST_CHOICE,
    method: "input_x_gradient",
    signed: true,
    segments: "word",
  });
  storage.setItem("llmDemo.attrMethod", "lime");
  storage.setItem("llmDemo.attrOptions", '{"layer": "x", "steps": 7}');
  assert.deepEqual(loadChoice(storage), FIRST_CHOICE);
});
