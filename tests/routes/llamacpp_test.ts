// The paths that llama.cpp's and vLLM's clients ask, over the fake model.
import assert from "node:assert/strict";
import { FAKE_MODEL_ID, fakeEncode } from "../fake_model.ts";
import { FAKE_INFO, fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { type Json, lines } from "./openai_support.ts";

const CAPITAL = "The capital of France is";

Deno.test("llama.cpp's completion: its fields, its probabilities, its mixed prompts", async () => {
  const app = fakeApp();
  const ask = async (body: Json) => await (await app.post("/completion", body)).json();
  const plain = await ask({ prompt: CAPITAL, n_predict: 2, temperature: 0, return_tokens: true });
  assert.deepEqual([plain.content.startsWith(" Paris"), plain.stop, plain.stop_type, plain.tokens.length], [
    true,
    true,
    "limit",
    2,
  ]);
  assert.equal(plain.completion_probabilities, undefined);
  const mixed = await ask({
    prompt: [...fakeEncode("The capital of"), " France is"],
    n_predict: 1,
    temperature: 0,
  });
  assert.deepEqual([mixed.content, mixed.prompt], [" Paris", CAPITAL]);
  const several = await ask({ prompt: [CAPITAL, "a"], n_predict: 1, temperature: 0 });
  assert.deepEqual(several.map(({ index }: Json) => index), [0, 1]);
  const raw = await ask({ prompt: "a", n_predict: 1, n_probs: 3, seed: 1 });
  assert.ok(
    raw.completion_probabilities[0].logprob <= 0 && raw.completion_probabilities[0].top_logprobs.length === 3,
  );
  const post = await ask({ prompt: "a", n_predict: 1, n_probs: 3, post_sampling_probs: true, top_k: 1 });
  assert.deepEqual(post.completion_probabilities[0].top_probs.map(({ prob }: Json) => prob), [1]);
  const biased = await ask({
    prompt: CAPITAL,
    n_predict: 1,
    temperature: 0,
    logit_bias: [[" Paris", false]],
  });
  assert.notEqual(biased.content, " Paris");
  const data = await lines("/completion", { prompt: CAPITAL, n_predict: 2, temperature: 0, n_probs: 1 }, app);
  const chunks = data.map((line) => JSON.parse(line));
  assert.deepEqual(chunks.map(({ stop }) => stop), [false, false, true]);
  assert.equal(chunks.map(({ content }) => content).join(""), plain.content);
});

Deno.test("response_fields: the parts of an answer that are wanted, and nothing else; the last event of a stream too", async () => {
  const app = fakeApp();
  const body = { prompt: CAPITAL, n_predict: 1, temperature: 0, n_probs: 1 };
  const fields = [
    "content",
    "generation_settings/n_predict",
    "nothing",
    "content/0",
    "completion_probabilities",
  ];
  const whole = await (await app.post("/completion", body)).json();
  const some = await (await app.post("/completion", { ...body, response_fields: fields })).json();
  assert.deepEqual(some, {
    content: " Paris",
    "generation_settings/n_predict": 1,
    completion_probabilities: whole.completion_probabilities,
  });
  const events = await lines("/completion", { ...body, response_fields: ["stop_type"] }, app);
  assert.deepEqual(JSON.parse(events.at(-1)!), { stop_type: "limit" });
  const refused = await app.post("/completion", { ...body, response_fields: "content" });
  assert.equal((await refused.json()).error.param, "response_fields");
});

Deno.test("/tokenize adds special tokens where either server's word for it says so, else as its form does", async () => {
  const messages = [{ role: "user", content: "a" }];
  const cases: [Json, boolean][] = [
    [{ content: "a" }, false],
    [{ content: "a", add_special: true }, true],
    [{ content: "a", add_special_tokens: true }, true],
    [{ prompt: "a" }, true],
    [{ prompt: "a", add_special_tokens: false }, false],
    [{ prompt: "a", add_special: false }, false],
    [{ messages }, false],
    [{ messages, add_special_tokens: true }, true],
  ];
  for (const [body, expected] of cases) {
    const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
    assert.equal((await app.post("/tokenize", body)).status, 200);
    const { input } = app.engine.jobs.findLast(({ kind }) => kind === "client_tokens")!;
    assert.equal((input as Json).add_special, expected, JSON.stringify(body));
  }
});

Deno.test("tokenize, detokenize, tokenizer_info, props, health, models", async () => {
  const app = fakeApp();
  const post = async (path: string, body: Json) => await (await app.post(path, body)).json();
  const ids = fakeEncode(" Paris é");
  assert.deepEqual((await post("/tokenize", { prompt: " Paris é", add_special_tokens: false })).tokens, ids);
  assert.equal((await post("/tokenize", { content: " Paris é" })).count, ids.length);
  const pieces = (await post("/tokenize", { content: " Paris é", with_pieces: true })).tokens;
  assert.deepEqual(pieces[0], { id: ids[0], piece: " Paris" });
  assert.deepEqual(pieces.at(-1).piece, [0xa9]);
  assert.deepEqual(await post("/detokenize", { tokens: ids }), { content: " Paris é", prompt: " Paris é" });
  // A field that is null is one that is left out, and what is said of the client changes nothing.
  const more = {
    content: " Paris é",
    prompt: null,
    add_special: null,
    model: "any",
    user: "me",
    request_id: "1",
  };
  assert.deepEqual((await post("/tokenize", more)).tokens, ids);
  const typo = (await post("/tokenize", { content: "a", "add-special": true })).error;
  assert.deepEqual([typo.param, /Did you mean add_special\?$/.test(typo.message)], ["add-special", true]);
  // Nothing is dropped in silence: what only a chat template reads, and what a conversation overrules.
  const messages = [{ role: "user", content: "a" }];
  for (const field of [{ tools: [] }, { chat_template_kwargs: {} }, { add_generation_prompt: false }]) {
    const [name] = Object.keys(field);
    assert.equal((await post("/tokenize", { content: "a", ...field })).error.param, name);
    assert.equal((await post("/tokenize", { prompt: "a", ...field })).error.param, name);
  }
  assert.equal((await post("/tokenize", { messages, parse_special: false })).error.param, "parse_special");
  assert.equal((await post("/detokenize", { tokens: ids, temperature: 1 })).error.param, "temperature");
  const get = async (path: string) => await (await app.ask(path)).json();
  assert.equal((await get("/tokenizer_info")).eos_token, "<|end|>");
  assert.equal((await get("/props")).default_generation_settings.n_ctx, FAKE_INFO.contextLength);
  assert.deepEqual(await get("/health"), { status: "ok" });
  assert.deepEqual((await get("/v1/models")).data.map(({ id }: Json) => id), [FAKE_MODEL_ID]);
  const loading = fakeApp({ status: fakeStatus.loading() });
  const health = await loading.ask("/health");
  assert.deepEqual([health.status, health.headers.get("retry-after")], [503, "1"]);
});
