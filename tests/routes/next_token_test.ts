import assert from "node:assert/strict";
import fc from "fast-check";
import { nextTokenResult } from "../../lib/api/endpoints/next_token.ts";
import { fault, type FaultCode } from "../../lib/fault.ts";
import { FAKE_CONTEXT_LENGTH, FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { PATIENCE } from "../patience.ts";

const PATH = "/api/next-token";

/** A hang is a failure. */

Deno.test("a text gives its next tokens, as documented", async () => {
  const response = await fakeApp().post(PATH, { text: "The capital of France is", top_k: 3 });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type")!, /^application\/json/);
  const result = nextTokenResult.strict().parse(await response.json());
  assert.equal(result.candidates[0]!.token, " Paris");
  assert.equal(result.candidates.length, 3);
});

Deno.test("the job gets the validated request, the page's name and the signal of the request", async () => {
  const app = fakeApp();
  const leave = new AbortController();
  await (await app.ask(PATH, {
    method: "POST",
    headers: { "content-type": "application/json", "x-nexttoken-client": "page-1" },
    body: '{"ids":[256,257],"temperature":-0}',
    signal: leave.signal,
  })).body?.cancel();
  const [job] = app.engine.submits;
  assert.deepEqual(job!.input, { model_key: null, text: null, ids: [256, 257], top_k: 10, temperature: 0 });
  assert.equal(job!.client, "page page-1");
  assert.equal(job!.replaces, true);
  leave.abort();
  assert.equal(job!.signal.aborted, true);
});

Deno.test("without a name of the page the address counts, and nothing is replaced", async () => {
  const app = fakeApp();
  for (const name of ["", "x".repeat(65), "a b", "<script>"]) {
    await (await app.post(PATH, { text: "a" }, { "x-nexttoken-client": name })).body?.cancel();
  }
  for (const job of app.engine.submits) {
    assert.deepEqual([job.client, job.replaces], ["address 127.0.0.1", false]);
  }
});

Deno.test("what the request says wrong is 400 with its field", async () => {
  const app = fakeApp();
  const cases: [unknown, string, string | undefined][] = [
    [{ text: "a", temperature: 3 }, "invalid_request", "temperature"],
    [{ ids: [1, -1] }, "invalid_request", "ids[1]"],
    [{}, "invalid_request", "text"],
    ["[", "invalid_request", undefined],
    ['{"text":"a","temperature":1e999}', "invalid_request", "temperature"],
    [{ text: "" }, "empty_context", "text"],
    [{ ids: [FAKE_VOCAB_SIZE] }, "unknown_token", "ids"],
  ];
  for (const [body, code, field] of cases) {
    const response = await app.post(PATH, body);
    const error = await response.json();
    assert.deepEqual([response.status, error.code, error.field], [400, code, field], JSON.stringify(body));
    assert.match(error.error, /^[A-Za-z].*\.$/);
  }
});

Deno.test("a text that is too long is 422 and says by how much", async () => {
  const response = await fakeApp().post(PATH, { ids: new Array(FAKE_CONTEXT_LENGTH + 7).fill(65) });
  assert.equal(response.status, 422);
  assert.deepEqual(await response.json(), {
    error: "The text is 7 tokens too long for the model.",
    code: "context_too_long",
  });
});

Deno.test("every fault of the engine has its status", async () => {
  const statuses: Record<FaultCode, number> = {
    invalid_request: 400,
    empty_context: 400,
    unknown_token: 400,
    context_too_long: 422,
    unsupported: 422,
    queue_full: 429,
    client_gone: 499,
    model_loading: 503,
    model_failed: 503,
    load_in_progress: 409,
    model_changed: 409,
    inference_failed: 500,
  };
  const app = fakeApp();
  for (const [code, status] of Object.entries(statuses)) {
    app.engine.failWith(fault(code as FaultCode, "Some sentence."));
    const response = await app.post(PATH, { text: "a" });
    assert.equal(response.status, status, code);
    const { error, code: told } = await response.json();
    assert.deepEqual([error, told], ["Some sentence.", code]);
    const retry = status === 429 || code === "model_loading" ? "1" : null;
    assert.equal(response.headers.get("retry-after"), retry, code);
  }
});

Deno.test("while the model loads the answer is 503 with progress and Retry-After", async () => {
  const app = fakeApp({ status: fakeStatus.loading({ received: 30, total: 100 }) });
  const response = await app.post(PATH, { text: "a" });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  const body = await response.json();
  assert.equal(body.code, "model_loading");
  assert.match(body.error, /^Model is still loading/);
  assert.deepEqual(body.progress, {
    phase: "opening",
    file: "model_q4.onnx",
    received: 30,
    total: 100,
    bytes_per_second: 10,
  });
  app.engine.setStatus(fakeStatus.ready());
  assert.equal((await app.post(PATH, { text: "a" })).status, 200);
});

Deno.test("a model that could not be loaded is 503 with the reason, without Retry-After", async () => {
  const response = await fakeApp({ status: fakeStatus.failed("No tokenizer.json.") }).post(PATH, {
    text: "a",
  });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), null);
  assert.deepEqual(await response.json(), { error: "No tokenizer.json.", code: "model_failed" });
});

Deno.test("an error nobody foresaw is 500, with its text and stack in the log alone", async () => {
  const app = fakeApp();
  app.engine.failWith(new TypeError("secret detail"));
  const response = await app.post(PATH, { text: "a" });
  assert.equal(response.status, 500);
  const body = await response.text();
  assert.equal(JSON.parse(body).code, "internal_error");
  assert.doesNotMatch(body, /secret|\.ts/);
  assert.match(app.logged.join("\n"), /POST \/api\/next-token failed\nTypeError: secret detail\n\s+at /);
});

Deno.test("a client that goes away ends its job", PATIENCE, async () => {
  const app = fakeApp();
  app.engine.hold();
  const leave = new AbortController();
  const headers = { "content-type": "application/json" };
  const answer = app.ask(PATH, { method: "POST", headers, body: '{"text":"a"}', signal: leave.signal });
  await app.engine.submitted(1);
  leave.abort();
  assert.equal((await answer).status, 499);
  assert.equal(app.engine.submits[0]!.aborted, true);
  assert.match(app.logged.join("\n"), /499 client_gone/);
});

Deno.test("requests at once are answered each with its own", PATIENCE, async () => {
  const app = fakeApp();
  app.engine.hold();
  const texts = Array.from({ length: 20 }, (_, index) => `cat ${index}`);
  const answers = texts.map((text) => app.post(PATH, { text }));
  await app.engine.submitted(texts.length);
  app.engine.release();
  for (const [index, answer] of answers.entries()) {
    assert.deepEqual((await (await answer).json()).ids, fakeEncode(texts[index]!));
  }
});

Deno.test("200 random bodies: answers or 4xx with a sentence, and the server goes on", async () => {
  const app = fakeApp();
  const wild = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.record({
      text: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
      ids: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.double(), fc.string())), fc.jsonValue()),
      top_k: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
      temperature: fc.oneof(fc.double(), fc.jsonValue()),
      ["__proto__"]: fc.jsonValue(),
    }, { requiredKeys: [] }).map((body) => JSON.stringify(body)),
    fc.constantFrom(
      '{"text":"a","temperature":1e999}',
      '{"text":NaN}',
      '{"text":"\\ud800"}',
      "[".repeat(100_000),
    ),
  );
  await fc.assert(
    fc.asyncProperty(wild, async (body) => {
      const response = await app.post(PATH, body);
      const answer = await response.json();
      if (response.status === 200) return;
      assert.ok(
        response.status >= 400 && response.status < 500,
        `${response.status} for ${body.slice(0, 200)}`,
      );
      assert.equal(typeof answer.error, "string");
      assert.match(answer.code, /^[a-z_]+$/);
    }),
    { numRuns: 200 },
  );
  assert.equal((await app.post(PATH, { text: "a" })).status, 200);
});
