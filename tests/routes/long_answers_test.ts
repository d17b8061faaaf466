// The size of an answer is known before it is made: refused with a sentence, or admitted one after the other.
import assert from "node:assert/strict";
import { MOST_DESCRIBED } from "../../lib/wire/answer_size.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp, withServer } from "./fake_app.ts";

const PLAIN = { prompt: "Hello", use_chat_template: false };

/** A model of a large vocabulary and context that never has to answer. */
const large = () => fakeApp({ status: fakeStatus.ready({ vocabSize: 151_936, contextLength: 131_072 }) });

Deno.test("the worst combinations of every field are refused before anything is computed", async () => {
  const app = large();
  const worst = { ...PLAIN, top_k: 2 ** 40, include: ["stages", "next", "bytes", "prompt_scores"] };
  const requests = [
    ["/api/step", { ...worst, force_text: "a".repeat(200_000) }],
    ["/api/generate", { ...worst, stream: false, max_tokens: 1_000_000 }],
    ["/api/generate", { ...PLAIN, top_k: 10, stream: false, max_tokens: 1_000_000 }],
  ] as const;
  for (const [path, body] of requests) {
    const response = await app.post(path, body);
    const { error, code, field } = await response.json();
    assert.deepEqual([response.status, code, field], [400, "invalid_request", "top_k"], error);
    assert.match(error, /more than the 524288 tokens that one answer lists\. Send a top_k of at most \d+/);
    const fitting = Number(/at most (\d+)/.exec(error)![1]);
    assert.ok(fitting < 100 && fitting >= 1);
  }
  assert.ok(app.engine.jobs.every(({ kind }) => kind === "step"));
});

Deno.test("as many long answers as memory allows are made at once, others are told to wait", async () => {
  const app = large();
  app.engine.hold();
  const ask = () => app.post("/api/preview", { ...PLAIN, top_k: 1e6 });
  const admitted = Math.floor((2 * MOST_DESCRIBED) / 151_936);
  const waiting = Array.from({ length: admitted }, ask);
  await app.engine.submitted(admitted);
  const refused = await ask();
  assert.equal(refused.status, 429);
  assert.equal((await refused.json()).code, "queue_full");
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.equal(await Promise.race([app.post("/api/preview", PLAIN).then(() => "held"), rest()]), undefined);
  app.engine.release();
  for (const response of await Promise.all(waiting)) await response.body?.cancel();
  const after = await ask();
  assert.equal(after.status, 200);
  await after.body?.cancel();
});

Deno.test("what all choices of a request draw together is bounded before the first is begun", async () => {
  const app = large();
  const prompts = Array(2048).fill("Hello");
  const refused: readonly [path: string, body: Record<string, unknown>, said: RegExp][] = [
    [
      "/v1/completions",
      { prompt: prompts, n: 64 },
      /131072 completions of up to 16 tokens .* Set max_tokens to at most 1, or ask in several requests/,
    ],
    [
      "/v1/completions",
      { prompt: prompts, n: 1, best_of: 20, stream: false },
      /40960 completions .* Set max_tokens to at most 3, or ask in several requests\./,
    ],
    [
      "/v1/completions",
      { prompt: prompts, n: 128, stream: false },
      /tokens that one request draws\. Ask in several requests\./,
    ],
    ["/v1/completions", { prompt: prompts, n: 64, stream: true }, /are more than the 131072 tokens/],
    ["/v1/chat/completions", {
      messages: [{ role: "user", content: "Hi" }],
      n: 128,
      ignore_eos: true,
    }, /128 completions of up to 131072 tokens/],
    [
      "/completion",
      { prompt: "Hello", n: 2, n_predict: 1_000_000 },
      /2 completions of up to 131072 tokens .* Set n_predict to at most 65536,/,
    ],
    ["/v1/completions", { prompt: "a".repeat(20_000), n: 128, echo: true, max_tokens: 1 }, /fewer choices/],
    [
      "/v1/completions",
      { prompt: Array(20_000).fill(1), n: 128, return_token_ids: true, max_tokens: 1 },
      /fewer/,
    ],
    ["/completion", { prompt: ["a".repeat(20_000)], n: 128, n_predict: 1 }, /without the prompt/],
  ];
  for (const [path, body, said] of refused) {
    const response = await app.post(path, body);
    const { error } = await response.json();
    assert.deepEqual([response.status, error.code], [400, "invalid_request"], `${path}: ${error.message}`);
    assert.match(error.message, said);
  }
  assert.equal(app.engine.jobs.length, 0);
});

Deno.test("log-probabilities of prompts are counted over all prompts of a request", async () => {
  // One prompt of them alone has room.
  const body = { prompt: Array(20).fill(Array(9).fill(1)), max_tokens: 0, prompt_logprobs: -1 };
  const app = fakeApp({ status: fakeStatus.ready({ vocabSize: 40_000 }) });
  const response = await app.post("/v1/completions", body);
  const { error } = await response.json();
  assert.deepEqual([response.status, error.param], [400, "prompt_logprobs"], error.message);
  assert.match(error.message, /log-probabilities each are more than the 400000/);
});

Deno.test("log-probabilities of all prompts are counted before the first is begun", async () => {
  const app = large();
  const requests = [
    ["/v1/completions", { prompt: Array(2000).fill("Hello"), max_tokens: 64, logprobs: 5 }],
    ["/completion", { prompt: Array(100).fill("Hello"), n_predict: 1000, n_probs: 5 }],
  ] as const;
  for (const [path, body] of requests) {
    const response = await app.post(path, body);
    const { error } = await response.json();
    assert.equal(response.status, 400, `${path}: ${error.message}`);
    assert.match(error.message, /log-probabilities each are more than the 400000/);
  }
  assert.deepEqual(new Set(app.engine.jobs.map(({ kind }) => kind)), new Set(["read_prompt"]));
});

Deno.test("completions with many choices share the budget of long answers", async () => {
  const app = large();
  app.engine.hold();
  const body = { prompt: Array(2000).fill("Hello"), max_tokens: 64, logprobs: 5 };
  /** Asks, and waits until the engine has the request's first job; else the answer. */
  const ask = async () => {
    const jobs = app.engine.jobs.length;
    return await Promise.race([app.post("/v1/completions", body), app.engine.submitted(jobs + 1)]);
  };
  assert.deepEqual([await ask(), await ask()], [undefined, undefined]);
  const refused = await ask();
  assert.ok(refused instanceof Response, "a third is begun beside two");
  assert.deepEqual([refused.status, (await refused.json()).error.code], [429, "queue_full"]);
});

Deno.test("a long answer holds its room until it is sent, or its client is gone", async () => {
  const bytes = new TextEncoder().encode(`{"a":"${"x".repeat(8 * 2 ** 20)}"}`);
  const app = fakeApp({
    status: fakeStatus.ready({ vocabSize: 300_000 }),
    answers: { preview: () => bytes as never },
  });
  await withServer(app, async ({ url }) => {
    const ask = (signal?: AbortSignal) =>
      fetch(`${url}/api/preview`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...PLAIN, top_k: 300_000 }),
        signal: signal ?? null,
      });
    const leave = new AbortController();
    const held = [await ask(leave.signal), await ask(leave.signal), await ask(leave.signal)];
    assert.deepEqual(held.map(({ status }) => status), [200, 200, 200]);
    assert.equal((await (await ask()).json()).code, "queue_full");
    leave.abort();
    for (const { body } of held) await body!.cancel().catch(() => {});
    for (let tries = 0;; tries++) {
      const response = await ask();
      if (response.status === 200) return assert.equal((await response.text()).length, bytes.length);
      await response.body?.cancel();
      assert.ok(tries < 2000, "the clients that left still hold their room");
      await rest();
    }
  });
});

const rest = () => new Promise((resolve) => setTimeout(resolve, 50));
