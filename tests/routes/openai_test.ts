// The APIs of other servers over the fake model: shapes, echo, streams, errors, and what is refused by name.
import assert from "node:assert/strict";
import { chatResult } from "../../lib/api/openai/chat.ts";
import { openAiErrorSchema } from "../../lib/api/schemas/error.ts";
import { logprobsUnder } from "../../lib/sampling/score.ts";
import { FAKE_EOS_ID, FAKE_MODEL_ID, FAKE_VOCAB_SIZE, fakeEncode, fakeLogits } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { complete, type Json, lines, refusal } from "./openai_support.ts";

const CAPITAL = "The capital of France is";
const GREEDY = { temperature: 0 };

Deno.test("a completion in OpenAI's shape", async () => {
  const answer = await complete({ model: "anything", prompt: CAPITAL, max_tokens: 1, ...GREEDY });
  const [choice] = answer.choices;
  assert.deepEqual([answer.object, answer.model], ["text_completion", FAKE_MODEL_ID]);
  assert.deepEqual([choice!.text, choice!.index, choice!.logprobs], [" Paris", 0, null]);
  assert.deepEqual([choice!.finish_reason, choice!.stop_reason], ["length", null]);
  const prompt = fakeEncode(CAPITAL).length;
  assert.deepEqual(answer.usage, { prompt_tokens: prompt, completion_tokens: 1, total_tokens: prompt + 1 });
});

Deno.test("echo: an entry for every prompt token and every drawn one, the argmax among the tops, to the bit", async () => {
  const ids = fakeEncode(CAPITAL);
  for (const prompt of [CAPITAL, ids, [ids]]) {
    const { choices: [choice] } = await complete({
      prompt,
      max_tokens: 1,
      logprobs: 1,
      echo: true,
      ...GREEDY,
    });
    const lists = choice!.logprobs!;
    assert.equal(choice!.text, `${CAPITAL} Paris`);
    for (
      const list of [lists.tokens, lists.token_logprobs, lists.top_logprobs, lists.text_offset, lists.content]
    ) {
      assert.equal(list.length, ids.length + 1);
    }
    assert.deepEqual([lists.token_logprobs[0], lists.top_logprobs[0]], [null, null]);
    assert.equal(lists.tokens.join(""), choice!.text);
    [...ids, fakeEncode(" Paris")[0]!].forEach((id, at, all) => {
      assert.equal(lists.content[at]!.id, id);
      assert.equal(lists.tokens.slice(0, at).join("").length, lists.text_offset[at]);
      if (at === 0) return;
      const logits = Float32Array.from(fakeLogits(all.slice(0, at)));
      const of = logprobsUnder(fakeLogits(all.slice(0, at)));
      const best = logits.indexOf(Math.max(...logits));
      const values = Object.values(lists.top_logprobs[at]!);
      assert.ok(Math.abs(lists.token_logprobs[at]! - of(id)) < 1e-4);
      assert.equal(lists.top_logprobs[at]![lists.tokens[at]!], lists.token_logprobs[at]);
      assert.equal(Math.max(...values) === lists.token_logprobs[at], id === best, `argmax at ${at}`);
    });
  }
});

Deno.test("logprobs up to the vocabulary, true, -1, and offsets in code points", async () => {
  const all = await complete({ prompt: "é🙂", max_tokens: 1, logprobs: -1, echo: true, ...GREEDY });
  const lists = all.choices[0]!.logprobs!;
  assert.equal(lists.content.at(-1)!.top_logprobs.length, FAKE_VOCAB_SIZE);
  const sum = lists.content.at(-1)!.top_logprobs.reduce((sum, { logprob }) => sum + Math.exp(logprob!), 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
  assert.deepEqual(lists.text_offset, [0, 0, 1, 1, 1, 1, 2]); // two bytes of é, four of the emoji, what was drawn
  assert.ok(
    lists.tokens.slice(0, -1).every((token) => /^bytes:\\x[0-9a-f]{2}$/.test(token)),
    `${lists.tokens}`,
  );
  const one = await complete({ prompt: "a", max_tokens: 1, logprobs: true, ...GREEDY });
  assert.equal(Object.keys(one.choices[0]!.logprobs!.top_logprobs[0]!).length, 1);
});

Deno.test("n choices, lists of prompts, a seed a choice", async () => {
  const body = { prompt: ["The", "In"], n: 2, max_tokens: 3, seed: 7 };
  const first = await complete(body);
  assert.deepEqual(first.choices.map(({ index }) => index), [0, 1, 2, 3]);
  assert.deepEqual((await complete(body)).choices, first.choices);
  const alone = await complete({ ...body, n: 1, seed: 8 });
  assert.deepEqual(alone.choices.map(({ text }) => text), [first.choices[1]!.text, first.choices[3]!.text]);
});

Deno.test("stop sequences are no part of the text and may cross tokens", async () => {
  const whole = (await complete({ prompt: CAPITAL, max_tokens: 12, ...GREEDY })).choices[0]!.text;
  const stop = whole.slice(4, 8);
  const cut = (await complete({ prompt: CAPITAL, max_tokens: 12, stop, ...GREEDY })).choices[0]!;
  assert.deepEqual([cut.text, cut.finish_reason, cut.stop_reason], [
    whole.slice(0, whole.indexOf(stop)),
    "stop",
    stop,
  ]);
});

Deno.test("the end-of-text token ends a choice, has its entry, and is no part of the text", async () => {
  const logit_bias = { [FAKE_EOS_ID]: 1000 };
  const { choices: [choice] } = await complete({ prompt: "a", logprobs: 1, logit_bias, ...GREEDY });
  assert.deepEqual([choice!.text, choice!.finish_reason, choice!.stop_reason], ["", "stop", null]);
  assert.deepEqual(choice!.logprobs!.content.map(({ id }) => id), [FAKE_EOS_ID]);
  const banned = await complete({ prompt: "a", max_tokens: 3, ignore_eos: true, logit_bias, ...GREEDY });
  assert.equal(banned.usage.completion_tokens, 3);
  const later = await complete({ prompt: "a", max_tokens: 9, min_tokens: 2, logit_bias, ...GREEDY });
  assert.equal(later.usage.completion_tokens, 3);
});

Deno.test("a stream is the same text, a chunk a token, then usage where asked for and [DONE]", async () => {
  const body = { prompt: CAPITAL, max_tokens: 5, logprobs: 2, echo: true, ...GREEDY };
  const whole = await complete(body);
  const data = await lines("/v1/completions", { ...body, stream_options: { include_usage: true } });
  assert.equal(data.at(-1), "[DONE]");
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
  assert.equal(chunks.length, 1 + 5 + 1 + 1); // the prompt, the tokens, the end, the usage
  assert.deepEqual(chunks.at(-1).usage, whole.usage);
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(
    chunks.flatMap(({ choices }) => choices.map((choice: Json) => choice.text)).join(""),
    whole.choices[0]!.text,
  );
  const parts = chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? []);
  assert.deepEqual(parts, whole.choices[0]!.logprobs!.content);
  assert.equal(chunks.at(-2).choices[0].finish_reason, "length");
});

Deno.test("an error on the way ends a stream with {error}", async () => {
  let asked = 0;
  const app = fakeApp({
    answers: {
      sample: () => {
        asked++;
        throw new Error("secret detail");
      },
    },
  });
  const data = await lines("/v1/completions", { prompt: "a", echo: true }, app);
  assert.equal(asked, 1);
  const { error } = openAiErrorSchema.parse(JSON.parse(data.at(-1)!));
  assert.ok(!error.message.includes("secret"));
});

Deno.test("chat completions: message, log-probabilities, stream, a last message that goes on", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const messages = [{ role: "user", content: "Say" }];
  const body = { messages, max_tokens: 4, logprobs: true, top_logprobs: 3, ...GREEDY };
  const response = await app.post("/v1/chat/completions", body);
  const answer = chatResult.parse(await response.json());
  assert.equal(answer.choices[0]!.logprobs!.content.length, 4);
  assert.equal(answer.choices[0]!.logprobs!.content[0]!.top_logprobs.length, 3);
  const chunks = (await lines("/v1/chat/completions", body, app)).slice(0, -1).map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(chunks[0].choices[0].delta, { role: "assistant", content: "" });
  const text = chunks.map(({ choices }) => choices[0].delta.content ?? "").join("");
  assert.equal(text, answer.choices[0]!.message.content);
  const open = [...messages, { role: "assistant", content: "The capital of France is" }];
  await app.post("/v1/chat/completions", { messages: open, max_tokens: 1, ...GREEDY });
  const read = app.engine.jobs.filter(({ kind }) => kind === "read_prompt").at(-1)!.input as Json;
  assert.deepEqual([read.continue_final_message, read.add_generation_prompt], [true, false]);
});

Deno.test("what cannot be done is refused by name, in OpenAI's shape", async () => {
  const refused: readonly (readonly [Json, string])[] = [
    [{ foo: 1 }, "foo"],
    [{ suffix: "end" }, "suffix"],
    [{ best_of: 1, n: 2 }, "best_of"],
    [{ best_of: 3, stream: true }, "best_of"],
    [{ best_of: 3, n: 2, stream: true }, "best_of"],
    [{ stream_options: { include_usage: true } }, "stream_options"],
    [{ stream_options: {}, stream: false }, "stream_options"],
    [{ best_of: 21 }, "best_of"],
    [{ guided_regex: "a" }, "guided_regex"],
    [{ tool_choice: "required" }, "tool_choice"],
    [{ tfs: 0.9 }, "tfs"],
    [{ mirostat_mode: 1 }, "mirostat_mode"],
    [{ temperature: "hot" }, "temperature"],
    [{ n: 0 }, "n"],
    [{ max_tokens: 0, logprobs: 1 }, "logprobs"],
    [{ prompt: [[FAKE_VOCAB_SIZE]] }, "prompt[0]"],
    [{ stop: [5] }, "stop[0]"],
    [{ repetition_penalty_range: -2 }, "repetition_penalty_range"],
    [{ response_format: { type: "json_object", schema: { type: "nothing" } } }, "response_format"],
    [{ stop_token_ids: [FAKE_VOCAB_SIZE], max_tokens: 0 }, "stop_token_ids[0]"],
    [{ prompt: [] }, "prompt"],
    [{ response_format: { type: "xml" } }, "response_format"],
  ];
  for (const [fields, param] of refused) {
    const error = await refusal("/v1/completions", { prompt: "a", ...fields });
    assert.equal(error.param, param, error.message);
    assert.equal(error.type, "invalid_request_error");
  }
  const mixed = await refusal("/v1/completions", { prompt: ["a", [1]] });
  assert.equal(
    mixed.message,
    "prompt must be a string or a list of whole numbers or a list of strings or a list of lists, but is a list.",
  );
  const long = await refusal("/v1/completions", { prompt: "a".repeat(600) });
  assert.equal(long.code, "context_length_exceeded");
  await refusal("/v1/completions", { prompt: "a" }, 503, fakeApp({ status: fakeStatus.loading() }));
});

Deno.test("fields that mean what is done here, or nothing, are taken", async () => {
  const taken = {
    ...{
      user: "me",
      store: false,
      best_of: 1,
      suffix: "",
      tfs: 1,
      mirostat_mode: 0,
      mirostat_tau: 5,
      typical: 1,
    },
    ...{
      repetition_penalty_range: 0,
      repeat_penalty: 1.3,
      max_context_length: 8192,
      grammar_string: "",
      do_sample: true,
    },
    ...{
      dry_multiplier: 0,
      dry_sequence_breakers: ["\n"],
      seed: null,
      logit_bias: null,
      ban_eos_token: false,
      top_k: 40,
    },
  };
  const app = fakeApp();
  await complete({ prompt: "a", max_tokens: 1, ...taken }, app);
  const { params } = app.engine.jobs.at(-1)!.input as { params: Json };
  assert.deepEqual([params.mirostat_tau, params.repetition_penalty, params.top_k], [0, 1, 40]);
});

Deno.test("a foreign origin does not get in, and one that is allowed may send what SDKs send", async () => {
  const headers = {
    origin: "null",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,x-stainless-os",
  };
  const ask = (app: ReturnType<typeof fakeApp>) => app.ask("/v1/completions", { method: "OPTIONS", headers });
  assert.equal((await ask(fakeApp())).status, 403);
  const response = await ask(fakeApp({ config: { allowedOrigins: ["null"] } }));
  assert.equal(response.headers.get("access-control-allow-headers"), "authorization,x-stainless-os");
  const foreign = await fakeApp().ask("/v1/models", { headers: { origin: "https://example.com" } });
  assert.equal(foreign.status, 403);
});

Deno.test("GET /v1/models/{id}: the model that serves, slashes in its id as they are or escaped; 404 for others", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ id: "owner/name" }) });
  const { data: [listed] } = await (await app.ask("/v1/models")).json();
  for (const path of ["/v1/models/owner/name", "/v1/models/owner%2Fname"]) {
    const response = await app.ask(path);
    assert.equal(response.status, 200, path);
    assert.deepEqual(await response.json(), listed);
  }
  const other = await app.ask("/v1/models/gpt-4o");
  assert.equal(other.status, 404);
  const { error } = await other.json();
  assert.equal(error.type, "not_found_error");
  assert.match(error.message, /no model "gpt-4o" here\. owner\/name serves\./);
  assert.equal(other.headers.get("x-should-retry"), "false");
});

Deno.test("vLLM's words: return_token_ids, top_k -1, tool_choice none without tools; the developer's turn is the system's", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const ask = async (path: string, body: Json) => {
    const response = await app.post(path, body);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  };
  const body = {
    prompt: "The capital",
    max_tokens: 3,
    seed: 1,
    ban_eos_token: true,
    return_token_ids: true,
    top_k: -1,
  };
  const { choices: [plain] } = await ask("/v1/completions", body);
  assert.deepEqual([plain.prompt_token_ids, plain.token_ids.length], [fakeEncode("The capital"), 3]);
  const { choices: [echoed] } = await ask("/v1/completions", { ...body, echo: true });
  assert.deepEqual(echoed.token_ids, plain.token_ids);
  const data = (await lines("/v1/completions", { ...body, echo: true }, app)).slice(0, -1).map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(data.flatMap(({ choices: [choice] }) => choice.token_ids), plain.token_ids);
  const messages = (role: string) => [{ role, content: "Be brief." }, { role: "user", content: "Say hi" }];
  const chat = { max_tokens: 2, seed: 1, tool_choice: "none" };
  const [a, b] = [
    await ask("/v1/chat/completions", { ...chat, messages: messages("system") }),
    await ask("/v1/chat/completions", { ...chat, messages: messages("developer") }),
  ];
  assert.deepEqual(b.choices, a.choices);
});
