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
