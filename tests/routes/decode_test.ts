// /api/preview, /api/step, /api/vocabulary and /api/tokenize over HTTP.
import assert from "node:assert/strict";
import fc from "fast-check";
import { previewResult } from "../../lib/api/endpoints/preview.ts";
import { stepResult } from "../../lib/api/endpoints/step.ts";
import { tokenizeResult } from "../../lib/api/endpoints/tokenize.ts";
import { vocabularyResult } from "../../lib/api/endpoints/vocabulary.ts";
import { apiErrorSchema } from "../../lib/api/schemas/error.ts";
import type { JobKind } from "../../lib/protocol/jobs.ts";
import { FAKE_CONTEXT_LENGTH, FAKE_VOCAB_SIZE } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { type FakeApp, fakeApp } from "./fake_app.ts";

const FRANCE = { prompt: "The capital of France is", use_chat_template: false };
const PATHS = ["/api/preview", "/api/step", "/api/vocabulary", "/api/generate"];

async function error(app: FakeApp, path: string, body: unknown) {
  const response = await app.post(path, body);
  const { error, code, field } = apiErrorSchema.parse(await response.json());
  assert.match(error, /^[A-Z<a-z].*\.$/);
  return [response.status, code, field];
}

Deno.test("each endpoint answers as documented, and hands its request to its job", async () => {
  const app = fakeApp();
  const cases: [JobKind, object, { parse(value: unknown): unknown }][] = [
    ["preview", { ...FRANCE, include: ["stages", "prompt_scores"] }, previewResult.strict()],
    ["step", { ...FRANCE, include: ["next"] }, stepResult.strict()],
    ["vocabulary", { ...FRANCE, query: "a" }, vocabularyResult.strict()],
    ["tokenize", { text: " a cat" }, tokenizeResult.strict()],
  ];
  for (const [kind, body, schema] of cases) {
    const response = await app.post(`/api/${kind}`, body, { "x-nexttoken-client": "tab" });
    assert.equal(response.status, 200, kind);
    schema.parse(await response.json());
    const job = app.engine.jobs.at(-1)!;
    assert.deepEqual([job.kind, job.client, job.replaces], [kind, "page tab", true]);
  }
});

Deno.test("tokens as events are the tokens as JSON", async () => {
  const app = fakeApp();
  const body = { text: " a cat\n\nand é" };
  const plain = await (await app.post("/api/tokenize", body)).text();
  const response = await app.post("/api/tokenize", body, { accept: "text/event-stream" });
  assert.equal(await response.text(), `event: result\ndata: ${plain}\n\n`);
});

Deno.test("every fault of a request has its status, code and field", async () => {
  const app = fakeApp();
  const long = new Array(FAKE_CONTEXT_LENGTH + 2).fill(65);
  const messages = [{ role: "user", content: "Hi" }];
  const cases: [object | string, (string | number | undefined)[]][] = [
    ["{", [400, "invalid_request", undefined]],
    [{ prompt: "" }, [400, "empty_context", "prompt"]],
    [{ prompt_ids: [FAKE_VOCAB_SIZE] }, [400, "unknown_token", "prompt_ids[0]"]],
    [{ ...FRANCE, completion_ids: [1, 99999] }, [400, "unknown_token", "completion_ids[1]"]],
    [{ ...FRANCE, params: { top_p: 2 } }, [400, "invalid_request", "params.top_p"]],
    [{ prompt_ids: long }, [422, "context_too_long", "prompt_ids"]],
    [{ messages }, [422, "unsupported", "messages"]],
    [{ ...FRANCE, constraint: { enabled: true } }, [400, "invalid_request", "constraint"]],
    [
      { ...FRANCE, completion_ids: [65], constraint: { enabled: true, type: "regex", schema: "b+" } },
      [400, "invalid_request", "completion_ids[0]"],
    ],
  ];
  for (const path of PATHS) {
    for (const [body, expected] of cases) assert.deepEqual(await error(app, path, body), expected, path);
  }
  assert.deepEqual(await error(app, "/api/tokenize", {}), [400, "invalid_request", "text"]);
  const forced = { ...FRANCE, force_token_id: FAKE_VOCAB_SIZE };
  assert.deepEqual(await error(app, "/api/step", forced), [400, "unknown_token", "force_token_id"]);
  const query = { ...FRANCE, mode: "regex", query: "(" };
  assert.deepEqual(await error(app, "/api/vocabulary", query), [400, "invalid_request", "query"]);
  app.engine.setStatus(fakeStatus.loading());
  for (const path of PATHS) {
    assert.deepEqual((await error(app, path, FRANCE)).slice(0, 2), [503, "model_loading"]);
  }
});

Deno.test("a template's refusal is the answer's sentence", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const response = await app.post("/api/preview", { messages: [{ role: "narrator", content: "x" }] });
  const { error, field } = await response.json();
  assert.deepEqual([response.status, field], [400, "messages"]);
  assert.match(error, /refuses these messages: Unknown role narrator/);
});

/** The events of a stream: [name, data]. */
function parseEvents(text: string): [string, Record<string, unknown>][] {
  return text.split("\n\n").filter((part) => part !== "").map((part) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part)!;
    return [name!, JSON.parse(data!)];
  });
}

Deno.test("with Accept: text/event-stream there is progress, then one result", async () => {
  const app = fakeApp();
  const body = { ...FRANCE, force_text: " a cat", params: { seed: 1 } };
  const response = await app.post("/api/step", body, { accept: "text/event-stream" });
  assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
  const events = parseEvents(await response.text());
  assert.equal(events.at(-1)![0], "result");
  assert.deepEqual(events.slice(0, -1), [["progress", { done: 6, total: 7 }]]);
  const plain = await (await app.post("/api/step", body)).json();
  assert.deepEqual(events.at(-1)![1], plain);
  const next = await app.post("/api/next-token", { text: "The" }, { accept: "text/event-stream" });
  assert.deepEqual(parseEvents(await next.text()).map(([name]) => name), ["result"]);
});

Deno.test("an error before the first event has its status; leaving the stream ends the job", async () => {
  const accept = { accept: "text/event-stream" };
  const early = await fakeApp().post("/api/preview", { prompt: "" }, accept);
  assert.deepEqual([early.status, (await early.json()).code], [400, "empty_context"]);
  const app = fakeApp();
  app.engine.hold();
  const response = app.post("/api/step", { ...FRANCE, force_text: " a cat sat" }, accept);
  const reader = (await response).body!.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /^event: progress/);
  await reader.cancel();
  assert.equal(app.engine.jobs[0]!.signal.aborted, true);
});

Deno.test("300 random bodies: answers or 4xx with a sentence, never a 500", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.integer(), fc.double(), fc.constant(null));
  const number = fc.oneof(fc.double({ min: -200, max: 200, noNaN: true }), fc.nat(400), value);
  const names = [
    "temperature",
    "top_p",
    "min_p",
    "typical_p",
    "epsilon_cutoff",
    "eta_cutoff",
    "top_n_sigma",
    "top_h",
  ];
  const more = [
    "repetition_penalty",
    "presence_penalty",
    "frequency_penalty",
    "xtc_probability",
    "xtc_threshold",
  ];
  const last = ["dry_multiplier", "dry_base", "dry_allowed_length", "dynatemp_range", "dynatemp_exponent"];
  const mirostat = ["mirostat_tau", "mirostat_eta", "mirostat_mu", "top_k", "penalty_last_n", "dry_last_n"];
  const settings = Object.fromEntries(
    [...names, ...more, ...last, ...mirostat].map((name) => [name, number]),
  );
  const sane = Object.fromEntries(
    [...names, ...more, ...last, ...mirostat].map((name) => [name, fc.constantFrom(0, 1, 0.1, 0.9, 3)]),
  );
  const ids = fc.oneof(fc.array(fc.nat(FAKE_VOCAB_SIZE), { maxLength: 6 }), value);
  const body = fc.record({
    prompt: fc.oneof(fc.string({ unit: "binary" }), value),
    prompt_ids: ids,
    completion_ids: ids,
    messages: fc.oneof(
      fc.array(fc.record({ role: fc.constantFrom("user", "x"), content: fc.string() })),
      value,
    ),
    use_chat_template: fc.oneof(fc.boolean(), value),
    top_k: fc.oneof(fc.nat(400), value),
    params: fc.oneof(
      fc.record(settings, { requiredKeys: [] }),
      fc.record({ ...sane, logit_bias: fc.dictionary(fc.nat(310).map(String), number) }, {
        requiredKeys: [],
      }),
      value,
    ),
    constraint: value,
    include: fc.oneof(fc.subarray(["stages", "next", "prompt_scores"]), value),
    u: number,
    force_text: fc.oneof(fc.string({ unit: "binary" }), fc.constant(null)),
    query: fc.string(),
    mode: fc.constantFrom("text", "bytes", "id", "regex"),
    max_tokens: fc.integer({ min: 0, max: 3 }),
    stream: fc.boolean(),
    text: fc.string({ unit: "binary" }),
  }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS, "/api/tokenize"), body, async (path, sent) => {
      const response = await app.post(path, JSON.stringify(sent));
      const text = await response.text();
      assert.ok(response.status === 200 || (response.status >= 400 && response.status < 500), text);
      assert.doesNotMatch(text, /event: error/);
      if (response.status !== 200) assert.match(JSON.parse(text).error, /\.$/);
    }),
    { numRuns: 300 },
  );
});
