import assert from "node:assert/strict";
import { attributionAnswer } from "../../lib/api/endpoints/attribution.ts";
import { attributionResult } from "../../lib/api/schemas/attribution.ts";
import type { AttributionResult } from "../../lib/wire/attribution.ts";
import { FAKE_MODEL_ID, FAKE_MODEL_KEY, FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { FAKE_INFO, fakeStatus } from "../fakes.ts";
import { fault } from "../../lib/fault.ts";
import { type FakeApp, fakeApp, withServer } from "./fake_app.ts";

const PATH = "/api/attribution";
const PROMPT = { prompt: "The capital", use_chat_template: false };
const IDS = fakeEncode(PROMPT.prompt, true);
const COMPLETION = [40, 41, 42];

async function ask(body: Record<string, unknown>, app: FakeApp = fakeApp()): Promise<AttributionResult> {
  const response = await app.post(PATH, { ...PROMPT, ...body });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return attributionResult.strict().parse(answer);
}

async function refused(body: Record<string, unknown>, app: FakeApp = fakeApp()) {
  const response = await app.post(PATH, { ...PROMPT, ...body });
  const { error, code, field } = await response.json();
  return { status: response.status, error: error as string, code, field };
}

Deno.test("the published app's fields: one score for each token before the target", async () => {
  for (const method of ["attention", "saliency", "input_x_gradient", "integrated_gradients"]) {
    const answer = await ask({ completion_ids: COMPLETION, target_index: 2, method });
    const { ok, attributions, source_len, context_len, target_id, model_id } = answer;
    assert.deepEqual(
      { ok, source_len, context_len, target_id, model_id, method: answer.method },
      {
        ok: true,
        source_len: IDS.length + 2,
        context_len: IDS.length + 2,
        target_id: 42,
        model_id: FAKE_MODEL_ID,
        method,
      },
    );
    assert.equal(attributions.length, IDS.length + 2);
    assert.deepEqual(answer.tokens.map(({ id }) => id), [...IDS, 40, 41]);
    assert.equal(answer.normalized, true);
  }
});

Deno.test("off, an empty method and none compute nothing, in any case of letters", async () => {
  for (const body of [{ method: "off" }, { method: "" }, { method: " OFF " }, {}]) {
    const app = fakeApp();
    const answer = await (await app.post(PATH, { ...PROMPT, ...body })).json();
    assert.deepEqual(answer, { ok: true, attributions: [], source_len: 0 });
  }
  assert.equal((await ask({ method: "Saliency", target_token_id: 5 })).method, "saliency");
});

Deno.test("a token id stands in the completion's place; a span is all of its tokens", async () => {
  const candidate = await ask({
    completion_ids: COMPLETION,
    target_index: 1,
    target_token_id: 7,
    method: "saliency",
  });
  assert.deepEqual([candidate.target_id, candidate.context_len, candidate.quantity], [
    7,
    IDS.length + 1,
    "prob",
  ]);
  const span = await ask({ completion_ids: COMPLETION, target_span: [1, 3], method: "saliency" });
  assert.deepEqual([span.target_id, span.context_len, span.quantity], [41, IDS.length + 1, "logprob"]);
  assert.equal(span.span_attributions.length, 1);
  const contrast = await ask({
    target_token_id: 7,
    contrast_token_id: 8,
    method: "input_x_gradient",
    signed: true,
  });
  assert.deepEqual([contrast.contrast!.id, contrast.quantity, contrast.normalized], [8, "logit", false]);
});

Deno.test("what cannot be explained is refused with its field", async () => {
  const method = "saliency";
  const cases: readonly (readonly [Record<string, unknown>, number, string | undefined])[] = [
    [{ method: "captum" }, 400, "method"],
    [{ method }, 400, "target_index"], // no completion, no token
    [{ method, completion_ids: COMPLETION, target_index: 3 }, 400, "target_index"],
    [{ method, completion_ids: COMPLETION, target_span: [2, 2] }, 400, "target_span"],
    [{ method, completion_ids: COMPLETION, target_span: [1, 4] }, 400, "target_span"],
    [{ method, completion_ids: COMPLETION, target_span: [0, 1], target_token_id: 1 }, 400, "target_span"],
    [
      { method, completion_ids: COMPLETION, target_span: [0, 2], contrast_token_id: 1 },
      400,
      "contrast_token_id",
    ],
    [{ method, target_token_id: 4, contrast_token_id: 4 }, 400, "contrast_token_id"],
    [{ method, target_token_id: FAKE_VOCAB_SIZE }, 400, "target_token_id"],
    [{ method, target_token_id: 1, steps: 0 }, 400, "steps"],
    [{ method, target_token_id: 1, layer: 1 }, 400, "layer"],
    [{ method, target_token_id: 1, remove: [{ kind: "mlp", layer: 0 }] }, 400, "remove"],
    [{ method: "integrated_gradients", target_token_id: 1, baseline: FAKE_VOCAB_SIZE }, 400, "baseline"],
    [{ method: "logit_lens", target_token_id: 1, faithfulness: true }, 400, "faithfulness"],
    [{ method, target_token_id: 1, signed: true }, 400, "signed"],
    [{ method: "attention", target_token_id: 1, signed: true }, 400, "signed"],
    [{ method: "attention", target_token_id: 1, contrast_token_id: 2 }, 400, "contrast_token_id"],
    [{ method: "attention", target_token_id: 1, head: 0 }, 400, "head"],
    [{ method: "attention", target_token_id: 1, quantity: "prob" }, 400, "quantity"],
    [{ method, target_token_id: 1, everywhere: true }, 400, "everywhere"],
    [{ method, target_token_id: 1, follow: [3] }, 400, "follow"],
    [{ method, target_token_id: 1, contrast_token_id: 2, quantity: "prob" }, 400, "quantity"],
    [{ method: "direct_logit", target_token_id: 1, quantity: "prob" }, 400, "quantity"],
    [{ method: "attention_rollout", completion_ids: COMPLETION, target_span: [0, 2] }, 422, "target_span"],
    [{ method: "direct_logit", completion_ids: COMPLETION, target_span: [0, 2] }, 422, "target_span"],
    [{ method: "logit_lens", completion_ids: COMPLETION, target_span: [0, 2] }, 422, "target_span"],
    [{ method: "comparison", completion_ids: COMPLETION, target_span: [0, 2] }, 422, "target_span"],
    [
      { method, completion_ids: COMPLETION, target_span: [0, 2], faithfulness: true },
      ...[422, "target_span"] as const,
    ],
    [{ method, target_token_id: 1, segments: "message" }, 400, "segments"],
    [{ method, target_token_id: 1, prompt: "" }, 400, "prompt"],
  ];
  for (const [body, status, field] of cases) {
    const answer = await refused(body);
    assert.deepEqual([answer.status, answer.field], [status, field], JSON.stringify([body, answer]));
    assert.match(answer.error, /^[A-Za-z_].*\.$/);
  }
});

Deno.test("parts and their removal, layers, segments, an estimate", async () => {
  const split = await ask({
    method: "direct_logit",
    target_token_id: 5,
    remove: [{ kind: "mlp", layer: 0 }],
  });
  assert.deepEqual(split.parts!.map(({ kind, layer, head }) => [kind, layer, head]), [
    ["embedding", null, null],
    ["head", 0, 0],
    ["mlp", 0, null],
  ]);
  assert.equal(split.parts!.reduce((sum, { value }) => sum + value, split.constant!), split.total);
  assert.deepEqual(split.removal!.removed, [{ kind: "mlp", layer: 0, head: null }]);
  assert.deepEqual([split.removal!.tokens[0]!.id, split.attributions.length], [5, 0]);
  assert.equal((await ask({ method: "logit_lens", target_token_id: 5 })).lens![0]!.tokens[0]!.id, 5);

  const words = await ask({
    method: "occlusion",
    target_token_id: 5,
    segments: "word",
    prompt: "one two three",
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum(words.segments.map(({ score }) => score)) - sum(words.attributions)) < 1e-9);
  assert.equal(
    words.segments.map(({ text }) => text).join(""),
    words.tokens.map(({ text }) => text).join(""),
  );

  const response = await fakeApp().post(PATH, {
    ...PROMPT,
    method: "saliency",
    target_token_id: 5,
    estimate: true,
  });
  const estimate = attributionAnswer.parse(await response.json());
  assert.deepEqual("estimate" in estimate && estimate.estimate.ms, 10 * IDS.length);
});

Deno.test("messages are segments that end where their turns do", async () => {
  const info = { ...FAKE_INFO, hasChatTemplate: true };
  const app = fakeApp({ status: fakeStatus.ready(info) });
  const messages = [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi" }];
  const { segments } = await ask({
    ...{ messages, use_chat_template: null },
    method: "occlusion",
    target_token_id: 5,
    segments: "message",
  }, app);
  assert.deepEqual(segments.map(({ text }) => text), [
    "[system]Be brief.<|end|>",
    "[user]Hi<|end|>",
    "[assistant]",
  ]);
});

Deno.test("streamed: progress with the time that is left, then the result; Accept asks for it as well", async () => {
  for (const [body, headers] of [[{ stream: true }, {}], [{}, { accept: "text/event-stream" }]] as const) {
    const response = await fakeApp().post(PATH, {
      ...PROMPT,
      method: "saliency",
      target_token_id: 5,
      ...body,
    }, headers);
    assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
    const events = (await response.text()).split("\n\n").filter((part) => part !== "")
      .map((part) => /^event: (\w+)\ndata: (.*)$/.exec(part)!);
    const progress = events.filter(([, name]) => name === "progress").map(([, , data]) => JSON.parse(data!));
    assert.ok(progress.length >= 1); // the newest, where it comes faster than it is sent
    for (const one of progress) assert.deepEqual(Object.keys(one), ["done", "total", "phase", "left_ms"]);
    assert.deepEqual(events.slice(progress.length).map(([, name]) => name), ["result"]);
    attributionResult.strict().parse(JSON.parse(events.at(-1)![2]!));
  }
});

Deno.test("another model, a full queue and overflow have their own codes", async () => {
  const changed = await refused({ method: "saliency", target_token_id: 5, model_key: "other" });
  assert.deepEqual([changed.status, changed.code], [409, "model_changed"]);
  assert.equal((await ask({ method: "saliency", target_token_id: 5, model_key: FAKE_MODEL_KEY })).ok, true);
  for (
    const [code, status] of [["queue_full", 429], ["unsupported", 422], ["inference_failed", 500]] as const
  ) {
    const app = fakeApp();
    app.engine.failWith(fault(code, "This cannot be had now."));
    assert.deepEqual((await refused({ method: "saliency", target_token_id: 5 }, app)).status, status);
  }
});

Deno.test("a client that leaves ends its job, streamed or not", async () => {
  for (const stream of [true, false]) {
    const app = fakeApp();
    app.engine.hold();
    await withServer(app, async ({ url }) => {
      const leave = new AbortController();
      const request = fetch(`${url}${PATH}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...PROMPT, method: "saliency", target_token_id: 5, stream }),
        signal: leave.signal,
      }).then((response) => response.text());
      await app.engine.submitted(1);
      leave.abort();
      await assert.rejects(request);
      while (!app.engine.jobs[0]!.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  }
});
