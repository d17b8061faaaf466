// What clients of llama.cpp's server expect of OpenAI's paths: how many tokens, a schema's place, an open turn.
import assert from "node:assert/strict";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { complete, type Json, refusal } from "./openai_support.ts";

Deno.test("max_tokens -1 is as many as the text takes, and the schema may stand in response_format itself", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const messages = [{ role: "user", content: "Hello" }];
  const asked = async (path: string, body: Json) => {
    const response = await app.post(path, { temperature: 0, ...body });
    assert.equal(response.status, 200, await response.clone().text());
    return await response.json();
  };
  const whole = await asked("/v1/chat/completions", { messages });
  const endless = await asked("/v1/chat/completions", { messages, max_tokens: -1 });
  assert.deepEqual(endless.choices, whole.choices);
  const text = { prompt: "The capital of France is", stop: ["."] };
  const { choices: [choice] } = await asked("/v1/completions", { ...text, max_tokens: -1 });
  assert.equal(choice.finish_reason, "stop");
  const schema = { enum: ["a"] };
  await asked("/v1/completions", { ...text, response_format: { type: "json_schema", schema } });
  const { constraint } = app.engine.jobs.findLast(({ kind }) => kind === "sample")!.input as {
    constraint: Json;
  };
  assert.equal(constraint.schema, JSON.stringify(schema));
});

Deno.test("/apply-template leaves the assistant's last text open, as llama.cpp's server does", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const turns = [{ role: "user", content: "Hi" }, { role: "assistant", content: "Well," }];
  const read = async (body: Json) => {
    const response = await app.post("/apply-template", { messages: turns, ...body });
    assert.equal(response.status, 200, await response.clone().text());
    const input = app.engine.jobs.findLast(({ kind }) => kind === "read_prompt")!.input as Json;
    return [input.continue_final_message, input.add_generation_prompt];
  };
  assert.deepEqual(await read({}), [true, false]);
  assert.deepEqual(await read({ add_generation_prompt: true }), [false, true]);
  assert.deepEqual(await read({ continue_final_message: false }), [false, true]);
  assert.deepEqual(await read({ messages: turns.slice(0, 1) }), [false, true]);
  const chat = { temperature: 0.1, max_tokens: 4, stream: true, add_generation_prompt: null, user: "me" };
  assert.deepEqual(await read(chat), [true, false]);
  assert.equal((await refusal("/apply-template", { messages: turns, temprature: 0.1 })).param, "temprature");
  const both = { messages: turns, add_generation_prompt: true, continue_final_message: true };
  assert.equal((await refusal("/apply-template", both)).param, "continue_final_message");
});

Deno.test("llama.cpp's n_predict is a number of tokens on /v1 too, and wins over max_tokens", async () => {
  const { usage } = await complete({ prompt: "The capital", max_tokens: 4, n_predict: 2, ignore_eos: true });
  assert.equal(usage.completion_tokens, 2);
  assert.equal((await refusal("/v1/completions", { prompt: "a", n_predict: -2 })).param, "n_predict");
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const messages = [{ role: "user", content: "Say" }];
  for (const most of [{}, { max_tokens: 4 }, { max_completion_tokens: 4 }]) {
    const chat = { messages, n_predict: 2, ignore_eos: true, ...most };
    const answer = await (await app.post("/v1/chat/completions", chat)).json();
    assert.equal(answer.usage.completion_tokens, 2, JSON.stringify(answer));
  }
});
