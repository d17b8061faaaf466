// What programs of other people send, as their sources and recordings say (2026), and what they read of the answer.
// Each must work unchanged.
import assert from "node:assert/strict";
import { FAKE_MODEL_ID, fakeEncode } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { type Json, lines } from "./openai_support.ts";

const CAPITAL = "The capital of France is";
const chatApp = () => fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
const MESSAGES = [{ role: "system", content: "Be brief." }, { role: "user", content: "Say hi" }];

async function answer(path: string, body: Json, app = fakeApp(), headers: Record<string, string> = {}) {
  const response = await app.post(path, body, headers);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** mikupad's settings as it sends them to llama.cpp's server. */
const MIKUPAD = {
  ...{ temperature: 0.7, dynatemp_range: 0, dynatemp_exponent: 1, repeat_penalty: 1.1, repeat_last_n: 256 },
  ...{
    penalize_nl: true,
    presence_penalty: 0,
    frequency_penalty: 0,
    mirostat: 0,
    mirostat_tau: 5,
    mirostat_eta: 0.1,
  },
  ...{ top_k: 40, top_p: 0.95, min_p: 0, typical_p: 1, tfs_z: 1, xtc_threshold: 0.1, xtc_probability: 0 },
  ...{ dry_multiplier: 0, dry_base: 1.75, dry_allowed_length: 2, dry_penalty_last_n: 0 },
  ...{ dry_sequence_breakers: ["\n", ":", '"', "*"], ignore_eos: false, logit_bias: [], stop: [] },
};

Deno.test("mikupad in llama.cpp's mode: probabilities in every chunk, the chosen token found by its text", async () => {
  const body = {
    ...MIKUPAD,
    ...{ prompt: CAPITAL, n_predict: 3, n_probs: 10, post_sampling_probs: true, cache_prompt: true },
    ...{
      samplers: ["dry", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"],
      grammar: "",
      model: "",
    },
  };
  const chunks = (await lines("/completion", body)).map((line) => JSON.parse(line));
  for (const { content, completion_probabilities: [place] } of chunks.slice(0, -1)) {
    assert.ok(place.prob > 0 && place.top_probs.length > 0 && place.top_probs.length <= 10);
    const found = place.top_probs.find(({ token }: Json) => token === content); // where it is among the ten
    if (found !== undefined) assert.equal(found.prob, place.prob);
  }
  const counted = await answer("/tokenize", { content: CAPITAL });
  assert.equal(counted.tokens.length, fakeEncode(CAPITAL).length);
  for (const id of counted.tokens.slice(0, 3)) {
    assert.equal(typeof (await answer("/detokenize", { tokens: [id] })).content, "string");
  }
});

Deno.test("mikupad in OpenAI's mode: its names of text-generation-webui, one token a chunk", async () => {
  const app = fakeApp();
  const models = await (await app.ask("/v1/models", { headers: { authorization: "Bearer undefined" } }))
    .json();
  const { repeat_penalty, repeat_last_n, tfs_z, mirostat, ignore_eos: _, logit_bias: __, ...rest } = MIKUPAD;
  const body = {
    ...rest,
    ...{ model: models.data[0].id, prompt: CAPITAL, max_tokens: 3, logprobs: 10, max_context_length: 8192 },
    ...{ repetition_penalty: repeat_penalty, repetition_penalty_range: repeat_last_n, tfs: tfs_z },
    ...{ mirostat_mode: mirostat, ban_eos_token: true, grammar_string: "" }, // the text does not end early
  };
  const data = await lines("/v1/completions", body, app);
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line)).filter(({ choices }) =>
    choices[0].logprobs !== null
  );
  assert.equal(chunks.length, 3);
  for (const { choices: [{ text, logprobs }] } of chunks) {
    assert.ok(logprobs.tokens[0] !== text || logprobs.top_logprobs[0][text] <= 0, text);
    assert.equal(logprobs.content.length, 1);
  }
  const whole = await answer("/v1/completions", body, app);
  assert.equal(whole.choices[0].logprobs.tokens.length, whole.choices[0].logprobs.top_logprobs.length);
});

Deno.test("promptfoo: best_of 1, logprobs true, stop strings that are special tokens", async () => {
  const body = {
    ...{
      model: "m",
      prompt: CAPITAL,
      seed: 0,
      max_tokens: 16,
      temperature: 0,
      top_p: 1,
      presence_penalty: 0,
    },
    ...{ frequency_penalty: 0, best_of: 1, logprobs: true, stop: ["<|im_end|>", "<|endoftext|>"] },
  };
  const { choices: [choice] } = await answer("/v1/completions", body);
  assert.equal(choice.logprobs.token_logprobs.length, choice.logprobs.tokens.length);
});

Deno.test("LiteLLM: id prompts pass unchanged, usage is read", async () => {
  const ids = fakeEncode(CAPITAL);
  const body = { model: FAKE_MODEL_ID, prompt: ids, max_tokens: 2, temperature: 0, logprobs: 1, echo: true };
  const { usage, choices: [choice] } = await answer("/v1/completions", body, fakeApp(), {
    authorization: "Bearer ",
  });
  assert.deepEqual(choice.logprobs.content.slice(0, -2).map(({ id }: Json) => id), ids);
  assert.equal(usage.total_tokens, ids.length + 2);
});

Deno.test("llm: streamed completions with log-probabilities in every chunk; chat with usage at the end", async () => {
  const body = { model: "m", prompt: CAPITAL, logprobs: 3, max_tokens: 2, temperature: 0 };
  for (const line of (await lines("/v1/completions", body)).slice(0, 2)) {
    const { choices: [{ logprobs }] } = JSON.parse(line);
    assert.equal(Object.keys(logprobs.top_logprobs[0]).length, 3);
  }
  const chat = { model: "m", messages: MESSAGES, max_tokens: 2, stream_options: { include_usage: true } };
  const data = await lines("/v1/chat/completions", chat, chatApp());
  assert.ok(JSON.parse(data.at(-2)!).usage.completion_tokens === 2 && data.at(-1) === "[DONE]");
});

Deno.test("open-webui: the list of models, then a chat, streamed and not", async () => {
  const app = chatApp();
  assert.equal((await (await app.ask("/v1/models")).json()).object, "list");
  const body = {
    model: FAKE_MODEL_ID,
    messages: MESSAGES,
    max_tokens: 3,
    temperature: 0,
    metadata: { chat_id: "1" },
  };
  const whole = await answer("/v1/chat/completions", body, app, { authorization: "Bearer key" });
  const data = (await lines("/v1/chat/completions", body, app)).slice(0, -1).map((line) => JSON.parse(line));
  const text = data.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  assert.equal(text, whole.choices[0].message.content);
});

Deno.test("Tapestry Loom: an id in every listed token, a last turn that goes on", async () => {
  const messages = [...MESSAGES, { role: "assistant", content: "Hel" }];
  const body = {
    model: "m",
    messages,
    max_tokens: 1,
    logprobs: true,
    top_logprobs: 20,
    continue_final_message: true,
    add_generation_prompt: false,
  };
  const { choices: [choice] } = await answer("/v1/chat/completions", body, chatApp());
  for (const { top_logprobs } of choice.logprobs.content) {
    assert.equal(top_logprobs.length, 20);
    assert.ok(top_logprobs.every(({ id }: Json) => Number.isInteger(id)));
  }
});
