// Fields of llama.cpp's POST /completion: what each does, and what its server answers to them.
import assert from "node:assert/strict";
import { FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeApp } from "./fake_app.ts";
import { type Json, lines, refusal } from "./openai_support.ts";

const CAPITAL = "The capital of France is";

async function ask(body: Json, app = fakeApp()) {
  const response = await app.post("/completion", { prompt: CAPITAL, n_predict: 1, temperature: 0, ...body });
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}

function paramsOf(app: ReturnType<typeof fakeApp>): Json {
  return (app.engine.jobs.findLast(({ kind }) => kind === "sample")!.input as { params: Json }).params;
}

Deno.test("n_cmpl, max_tokens and prompts in objects are llama.cpp's words for n, n_predict and a text", async () => {
  const two = await ask({ n_cmpl: 2 });
  assert.deepEqual(two.map(({ index, content }: Json) => [index, content]), [[0, " Paris"], [1, " Paris"]]);
  const of = async (fields: Json) => (await ask({ n_predict: undefined, ...fields })).tokens_predicted;
  assert.deepEqual(
    await Promise.all([
      of({ max_tokens: 2 }),
      of({ max_completion_tokens: 3, max_tokens: 2 }),
      of({ max_tokens: 2, n_predict: 1 }),
    ]),
    [2, 3, 1],
  );
  assert.equal((await ask({ prompt: { prompt_string: CAPITAL, multimodal_data: [] } })).content, " Paris");
  const mixed = await ask({ prompt: [CAPITAL, { prompt_string: CAPITAL }, fakeEncode(CAPITAL)] });
  assert.deepEqual(mixed.map(({ content }: Json) => content), [" Paris", " Paris", " Paris"]);
  const image = { prompt: { prompt_string: "a", multimodal_data: ["aGk="] } };
  assert.equal((await refusal("/completion", image)).param, "prompt");
});

Deno.test("samplers may be letters", async () => {
  const app = fakeApp();
  const named = await ask({ samplers: ["top_k", "typ_p", "temperature"] }, app);
  const byName = paramsOf(app).stages;
  const letters = await ask({ samplers: "kyt" }, app);
  assert.deepEqual(paramsOf(app).stages, byName);
  assert.deepEqual(letters.generation_settings.samplers, ["top_k", "typ_p", "temperature"]);
  assert.deepEqual(named.generation_settings.samplers, letters.generation_settings.samplers);
  assert.equal((await refusal("/completion", { prompt: "a", samplers: "kq" })).param, "samplers");
});

Deno.test("DRY: its texts reach the draws, llama.cpp's four by default; 0 tokens looked at is off", async () => {
  const drawn = async (body: Json, path = "/completion") => {
    const app = fakeApp();
    const response = await app.post(path, { prompt: CAPITAL, n_predict: 1, dry_multiplier: 1, ...body });
    assert.equal(response.status, 200, await response.clone().text());
    const { params, breaker_texts } = app.engine.jobs.findLast(({ kind }) => kind === "sample")!
      .input as Json;
    const { dry_last_n, dry_multiplier, dry_breakers } = params as Json;
    return { dry_last_n, dry_multiplier, dry_breakers, texts: breaker_texts };
  };
  assert.deepEqual((await drawn({})).texts, ["\n", ":", '"', "*"]);
  assert.equal((await drawn({})).dry_last_n, 64);
  const own = await drawn({ dry_sequence_breakers: ["is city"], dry_breakers: [3] });
  assert.deepEqual([own.texts, own.dry_breakers], [["is city"], [3]]);
  const openAi = { n_predict: undefined, max_tokens: 1 };
  assert.equal((await drawn(openAi, "/v1/completions")).texts, undefined);
  const texts = { ...openAi, dry_sequence_breakers: '"\\n", ":"' };
  assert.deepEqual((await drawn(texts, "/v1/completions")).texts, ["\n", ":"]);
  assert.equal((await drawn({ dry_penalty_last_n: 0 })).dry_multiplier, 0);
  assert.equal((await drawn({ dry_multiplier: 0 })).texts, undefined);
  for (const wrong of [[""], ["a".repeat(41)], "no text", '[""]', new Array(129).fill("a")]) {
    const body = { prompt: "a", dry_multiplier: 1, dry_sequence_breakers: wrong };
    assert.match((await refusal("/completion", body)).param!, /^dry_sequence_breakers/);
  }
});

Deno.test("of a list of one prompt there is one answer; the last token's keys and values are not cached", async () => {
  const one = await ask({ prompt: [CAPITAL], n_predict: 2 });
  assert.equal(one.content, (await ask({ n_predict: 2 })).content);
  assert.equal(one.tokens_cached, fakeEncode(CAPITAL).length + 1);
  const none = await ask({ n_predict: 0, n_probs: 2 }); // one token, as there
  assert.deepEqual([none.content, none.tokens_cached], [" Paris", fakeEncode(CAPITAL).length]);
  assert.deepEqual([none.completion_probabilities.length, none.generation_settings.n_predict], [1, 0]);
});

Deno.test("OpenAI's logprobs are n_probs, which win", async () => {
  const listed = async (fields: Json) => {
    const { completion_probabilities: places } = await ask(fields);
    return places === undefined ? 0 : places[0].top_logprobs.length;
  };
  const asked = [{ logprobs: 2 }, { logprobs: true }, { logprobs: false }, { logprobs: 2, n_probs: 3 }];
  assert.deepEqual(await Promise.all(asked.map(listed)), [2, 1, 0, 3]);
});

Deno.test("temperature 0 takes what the samplers before it leave, and nothing where it is left out", async () => {
  const temperature = async (fields: Json) => {
    const app = fakeApp();
    const { generation_settings } = await ask(fields, app);
    assert.equal(generation_settings.temperature, 0); // as it was sent
    return paramsOf(app).temperature as number;
  };
  assert.equal(await temperature({}), 0);
  assert.equal(await temperature({ samplers: ["top_k"] }), 1);
  for (const filter of [{ typical_p: 0.5 }, { xtc_probability: 1 }, { dynatemp_range: 0.5 }]) {
    const value = await temperature(filter);
    assert.ok(value > 0 && value < 1e-6, JSON.stringify(filter));
  }
  // The real server's answer to the same: XTC takes away the token that temperature 0 would take.
  const without = await ask({ xtc_probability: 1, xtc_threshold: 1e-6 });
  assert.notEqual(without.content, " Paris");
});

Deno.test("fields that are off, or change no answer, are taken; what would be dropped is refused by name", async () => {
  const taken = {
    ...{ "speculative.types": "none", "speculative.ngram_size_n": 3, reasoning_control: false, store: false },
    ...{ reasoning_budget_tokens: -1, reasoning_budget_end_tags: ["</think>"], prompt_cache_options: {} },
  };
  assert.equal((await ask(taken)).content, " Paris");
  for (const [name, value] of Object.entries({ reasoning_control: true, store: true, moderation: {} })) {
    assert.equal((await refusal("/completion", { prompt: "a", [name]: value })).param, name);
  }
});

Deno.test("paths of llama.cpp's server that are not here say so in its words, and /v1/health is /health", async () => {
  const app = fakeApp();
  assert.deepEqual(await (await app.ask("/v1/health")).json(), { status: "ok" });
  for (
    const path of ["/slots", "/slots/0", "/infill", "/metrics", "/embedding", "/models", "/chat/completions"]
  ) {
    const { message, code } = await refusal(path, {}, 404);
    assert.match(message, new RegExp(`no ${path} here`));
    assert.equal(code, "not_found");
  }
});

Deno.test("timings at the end, in every event where they are asked for, and the progress of the prompt", async () => {
  const prompt = fakeEncode(CAPITAL).length;
  const { timings } = await ask({ n_predict: 3 });
  assert.equal(timings.prompt_n + timings.cache_n, prompt);
  assert.equal(timings.predicted_n, 3);
  for (const figure of Object.values(timings)) assert.ok(Number.isFinite(figure) && Number(figure) >= 0);
  const body = { prompt: CAPITAL, n_predict: 2, temperature: 0 };
  const plain = (await lines("/completion", body)).map((line) => JSON.parse(line));
  assert.deepEqual(plain.map(({ timings }) => timings !== undefined), [false, false, true]);
  const asked = { ...body, timings_per_token: true, return_progress: true };
  const events = (await lines("/completion", asked)).map((line) => JSON.parse(line));
  assert.deepEqual(events.map(({ tokens_predicted }) => tokens_predicted), [0, 1, 2, 2]);
  assert.deepEqual([events[0].prompt_progress.total, events[0].prompt_progress.processed], [prompt, prompt]);
  assert.deepEqual(events.slice(1).map(({ timings }) => timings.predicted_n), [1, 2, 2]);
  for (const name of ["timings_per_token", "return_progress"]) {
    assert.equal((await refusal("/v1/completions", { prompt: "a", [name]: true })).param, name);
  }
});

Deno.test("settings have llama.cpp's names, in an answer and among the properties", async () => {
  const fields = {
    logit_bias: [[3, 1.5]],
    repeat_penalty: 1.2,
    seed: 5,
    stop: ["x"],
    grammar: 'root ::= " Paris"',
  };
  const { generation_settings } = await ask(fields);
  const wanted = {
    ...{ repeat_penalty: 1.2, repeat_last_n: 64, dry_penalty_last_n: 64, mirostat: 0, seed: 5, stop: ["x"] },
    ...{ logit_bias: [{ token: 3, bias: 1.5 }], n_predict: 1, max_tokens: 1, grammar: 'root ::= " Paris"' },
    ...{
      dry_sequence_breakers: ["\n", ":", '"', "*"],
      timings_per_token: false,
      min_keep: 0,
      temperature: 0,
    },
    samplers: ["penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"],
  };
  for (const [name, value] of Object.entries(wanted)) {
    assert.deepEqual(generation_settings[name], value, name);
  }
  const props = await (await fakeApp().ask("/props")).json();
  const { params } = props.default_generation_settings;
  assert.deepEqual([params.repeat_last_n, params.seed, params.temperature], [64, 4294967295, 0.8]);
  assert.deepEqual(params.samplers, wanted.samplers);
});

Deno.test("an empty JSON schema is any JSON, and none beside a grammar that is sent empty", async () => {
  const kind = async (fields: Json) => {
    const app = fakeApp();
    await ask(fields, app);
    const { input } = app.engine.jobs.findLast(({ kind }) => kind === "sample")!;
    return (input as { constraint: Json }).constraint.enabled;
  };
  assert.equal(await kind({ json_schema: {} }), true);
  assert.equal(await kind({ json_schema: {}, grammar: "" }), false);
});

Deno.test("what is wrong is told by the name of the field that was sent", async () => {
  const wrong: readonly (readonly [Json, string])[] = [
    [{ repeat_last_n: -2 }, "repeat_last_n"],
    [{ grammar: "root ::= (" }, "grammar"],
    [{ json_schema: { type: "nothing" } }, "json_schema"],
    [{ json_schema: { type: "number" }, grammar: "" }, "json_schema"],
    [{ grammar: 5 }, "grammar"],
    [{ stop: ["a", 1] }, "stop[1]"],
    [{ max_tokens: -5 }, "max_tokens"],
    [{ max_completion_tokens: 1.5, max_tokens: 3 }, "max_completion_tokens"],
    [{ n_predict: -2, max_tokens: 3 }, "n_predict"],
    [{ logprobs: "all" }, "logprobs"],
    [{ prompt: [FAKE_VOCAB_SIZE] }, "prompt[0]"],
    [{ n_cmpl: 0 }, "n_cmpl"],
  ];
  for (const [fields, param] of wrong) {
    const error = await refusal("/completion", { prompt: "a", ...fields });
    assert.equal(error.param, param, JSON.stringify(error));
    assert.doesNotMatch(error.message, /penalty_last_n|stop_sequences|n_probs|constraint\b.* must/);
  }
});

Deno.test("a sentence names the field that was sent in its middle, too", async () => {
  const prompt = new Array<string>(100).fill("a");
  const { param, message } = await refusal("/completion", { prompt, n_cmpl: 128 });
  assert.equal(param, "n_cmpl");
  assert.match(message, /^Of 100 prompts n_cmpl is at most/);
});

Deno.test("max_tokens 0 draws nothing of a chat: it is refused, as its log-probabilities would be of nothing", async () => {
  for (const name of ["max_tokens", "max_completion_tokens"]) {
    const body = { messages: [{ role: "user", content: "a" }], [name]: 0 };
    assert.equal((await refusal("/v1/chat/completions", body)).param, name);
  }
});
