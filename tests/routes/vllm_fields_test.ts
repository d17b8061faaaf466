// Fields that vLLM's clients send: what each does to what is drawn and listed.
import assert from "node:assert/strict";
import { logprobsUnder } from "../../lib/sampling/score.ts";
import { FAKE_EOS_ID, FAKE_VOCAB_SIZE, fakeEncode, fakeLogits } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";
import { complete, type Json, lines, refusal } from "./openai_support.ts";

const CAPITAL = "The capital of France is";
const GREEDY = { temperature: 0 };
const chatApp = () => fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
const MESSAGES = [{ role: "user", content: "Say" }];

async function chat(body: Json) {
  const response = await chatApp().post("/v1/chat/completions", { messages: MESSAGES, ...body });
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}

type Places = (Record<string, { logprob: number; rank: number; decoded_token: string }> | null)[];

/** Holds vLLM's form of a prompt's scores against the model's logits. */
function checkPlaces(places: Places, ids: readonly number[], top: number) {
  assert.equal(places.length, ids.length);
  assert.equal(places[0], null);
  for (const [at, place] of places.entries()) {
    if (place === null) continue;
    const logits = fakeLogits(ids.slice(0, at));
    const of = logprobsUnder(logits);
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
    const own = ids[at]!;
    const wanted = new Set([...order.slice(0, top), own]);
    assert.deepEqual(Object.keys(place).map(Number).sort((a, b) => a - b), [...wanted].sort((a, b) => a - b));
    for (const [id, { logprob, rank }] of Object.entries(place)) {
      assert.ok(Math.abs(logprob - of(Number(id))) < 1e-4);
      assert.equal(rank, order.indexOf(Number(id)) + 1);
    }
  }
}

Deno.test("prompt_logprobs: each prompt token by id, with the most probable ones and ranks; beside any choices and an echo", async () => {
  const ids = fakeEncode(CAPITAL);
  for (const top of [0, 3, -1]) {
    const body = { prompt: [ids, ids], n: 2, max_tokens: 1, prompt_logprobs: top, ...GREEDY };
    const { choices } = await complete(body);
    assert.equal(choices.length, 4);
    for (const { prompt_logprobs, logprobs } of choices) {
      checkPlaces(prompt_logprobs as Places, ids, top === -1 ? FAKE_VOCAB_SIZE : top);
      assert.equal(logprobs, null);
    }
  }
  const echoed = await complete({
    prompt: CAPITAL,
    max_tokens: 0,
    echo: true,
    logprobs: 1,
    prompt_logprobs: 2,
  });
  const [{ logprobs, prompt_logprobs }] = echoed.choices as [typeof echoed.choices[0]];
  for (const [at, id] of ids.entries()) {
    if (at > 0) assert.equal(prompt_logprobs![at]![id]!.logprob, logprobs!.token_logprobs[at]);
  }
  const answer = await chat({ max_tokens: 1, prompt_logprobs: 1, return_token_ids: true });
  checkPlaces(answer.prompt_logprobs, answer.prompt_token_ids, 1);
  assert.equal(answer.choices[0].token_ids.length, 1);
});

Deno.test("allowed_token_ids: nothing else is drawn, greedily and by chance, with a constraint only what both allow", async () => {
  const [a, b] = [fakeEncode(" ")[0]!, fakeEncode(" Paris")[0]!];
  const ids = async (fields: Json) => {
    const { choices: [choice] } = await complete({
      prompt: CAPITAL,
      max_tokens: 6,
      return_token_ids: true,
      ...fields,
    });
    return choice!.token_ids!;
  };
  assert.deepEqual(await ids({ allowed_token_ids: [a], max_tokens: 2, ...GREEDY }), [a, a]);
  for (const fields of [{ temperature: 2 }, { temperature: 2, stages: ["temperature"] }]) {
    const drawn = await ids({ allowed_token_ids: [a, b], seed: 3, ...fields });
    assert.ok(drawn.length === 6 && drawn.every((id) => [a, b].includes(id)), `${drawn}`);
  }
  const both = { allowed_token_ids: [a, 0], structured_outputs: { choice: [" ", " Paris"] } };
  assert.deepEqual(await ids({ ...both, max_tokens: 1, seed: 1 }), [a]);
  // What was known of the position without it is no answer with it.
  const app = fakeApp();
  const first = { prompt: CAPITAL, max_tokens: 1, ...GREEDY };
  assert.equal((await complete(first, app)).choices[0]!.text, " Paris");
  assert.equal((await complete({ ...first, allowed_token_ids: [a] }, app)).choices[0]!.text, " ");
});

Deno.test("logprob_token_ids: these are listed for each drawn token, in their order, the prompt's lists as they are", async () => {
  const wanted = [5, 3, FAKE_EOS_ID];
  const body = { prompt: CAPITAL, max_tokens: 2, logprobs: 1, logprob_token_ids: wanted, echo: true };
  const { choices: [choice] } = await complete({ ...body, ...GREEDY, ignore_eos: true });
  const content = choice!.logprobs!.content;
  assert.deepEqual(content.slice(-2).map(({ top_logprobs }) => top_logprobs.map(({ id }) => id)), [
    wanted,
    wanted,
  ]);
  const of = logprobsUnder(fakeLogits(fakeEncode(CAPITAL)));
  for (const { id, logprob } of content.at(-2)!.top_logprobs) {
    assert.ok(Math.abs(logprob! - of(id)) < 1e-4);
  }
  assert.equal(content[1]!.top_logprobs.length, 1);
  const spoken = await chat({ max_tokens: 1, logprobs: true, logprob_token_ids: wanted });
  assert.deepEqual(spoken.choices[0].logprobs.content[0].top_logprobs.map(({ id }: Json) => id), wanted);
});

Deno.test("min_tokens holds up stop tokens and stop sequences too; what ends a text may be part of it", async () => {
  const whole = await complete({ prompt: CAPITAL, max_tokens: 8, return_token_ids: true, ...GREEDY });
  const [{ text, token_ids }] = whole.choices as [typeof whole.choices[0]];
  const stopped = { stop_token_ids: [token_ids![1]!], return_token_ids: true, ...GREEDY };
  const early = (await complete({ prompt: CAPITAL, max_tokens: 8, ...stopped })).choices[0]!;
  assert.deepEqual([early.token_ids!.length, early.stop_reason], [2, token_ids![1]]);
  const late = (await complete({ prompt: CAPITAL, max_tokens: 8, min_tokens: 4, ...stopped })).choices[0]!;
  assert.ok(late.token_ids!.length > 4 && !late.token_ids!.slice(0, 4).includes(token_ids![1]!));
  const shown = { include_stop_str_in_output: true };
  const kept = (await complete({ prompt: CAPITAL, max_tokens: 8, ...stopped, ...shown })).choices[0]!;
  assert.ok(text.startsWith(kept.text) && kept.text.length > early.text.length);
  const stop = text.slice(1, 3);
  const cut = (await complete({ prompt: CAPITAL, max_tokens: 8, stop, ...shown, ...GREEDY })).choices[0]!;
  assert.deepEqual([cut.text, cut.stop_reason], [text.slice(0, 3), stop]);
  const data = await lines("/v1/completions", { prompt: CAPITAL, max_tokens: 8, stop, ...shown, ...GREEDY });
  const streamed = data.slice(0, -1).map((line) => JSON.parse(line).choices[0].text).join("");
  assert.equal(streamed, cut.text);
  const free = { prompt: CAPITAL, max_tokens: 3, min_tokens: 3, stop, ...GREEDY };
  assert.equal((await complete(free)).choices[0]!.finish_reason, "length");
  // End-of-text tokens are barred whatever stages are named.
  const end = { logit_bias: { [FAKE_EOS_ID]: 1000 }, min_tokens: 2, max_tokens: 3, stages: ["temperature"] };
  assert.ok((await complete({ prompt: "a", ...end, temperature: 1 })).usage.completion_tokens >= 2);
});

Deno.test("continuous_usage_stats: each event has the usage of its choice so far", async () => {
  const prompt = fakeEncode(CAPITAL).length;
  const body = { max_tokens: 2, n: 2, ignore_eos: true, stream_options: { continuous_usage_stats: true } };
  const data = (await lines("/v1/completions", { prompt: CAPITAL, ...body })).slice(0, -1);
  const counts = data.map((line) => JSON.parse(line).usage.completion_tokens);
  assert.deepEqual(counts, [1, 2, 2, 1, 2, 2]);
  assert.ok(data.every((line) => JSON.parse(line).usage.prompt_tokens === prompt));
  const chatData = (await lines("/v1/chat/completions", { messages: MESSAGES, ...body }, chatApp())).slice(
    0,
    -1,
  );
  assert.deepEqual(chatData.map((line) => JSON.parse(line).usage.completion_tokens), [
    0,
    1,
    2,
    2,
    0,
    1,
    2,
    2,
  ]);
});

Deno.test("what does not go together, or means nothing here, is refused by name", async () => {
  const refused: readonly (readonly [Json, string])[] = [
    [{ prompt_logprobs: 1, stream: true }, "prompt_logprobs"],
    [{ prompt_logprobs: -2 }, "prompt_logprobs"],
    [{ logprob_token_ids: [1] }, "logprob_token_ids"],
    [{ logprob_token_ids: [], logprobs: 1 }, "logprob_token_ids"],
    [{ allowed_token_ids: [] }, "allowed_token_ids"],
    [{ allowed_token_ids: [FAKE_VOCAB_SIZE] }, "allowed_token_ids[0]"],
    [{ stream_options: { every: 1 } }, "stream_options.every"],
    [{ t_max_predict_ms: 100 }, "t_max_predict_ms"],
    [{ n_indent: 4 }, "n_indent"],
    [{ verbosity: "low" }, "verbosity"],
    [{ include_reasoning: false }, "include_reasoning"],
    [{ response_format: { type: "json_object" }, structured_outputs: { regex: "a" } }, "structured_outputs"],
    [{ grammar: 'root ::= "a"', json_schema: { type: "object" } }, "json_schema"],
  ];
  for (const [fields, param] of refused) {
    const error = await refusal("/v1/completions", { prompt: "a", ...fields });
    assert.equal(error.param, param, error.message);
  }
  const top = { messages: MESSAGES, top_logprobs: 2 };
  assert.equal((await refusal("/v1/chat/completions", top, 400, chatApp())).param, "top_logprobs");
  assert.equal(
    (await refusal("/completion", { prompt: "a", logprob_token_ids: [1] })).param,
    "logprob_token_ids",
  );
});
