import assert from "node:assert/strict";
import { generateResult, generateSummary } from "../../lib/api/endpoints/generate.ts";
import { stepResult } from "../../lib/api/endpoints/step.ts";
import type { GenerateResult, GenerateSummary } from "../../lib/wire/generate.ts";
import type { StepResult } from "../../lib/wire/step.ts";
import { fault } from "../../lib/fault.ts";
import { FAKE_EOS_ID, fakeEncode } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp, withServer } from "./fake_app.ts";

const PATH = "/api/generate";
const FRANCE = { prompt: "The capital of France is", use_chat_template: false, top_k: 2 };

/** Settings under which the fake model never ends its text. */
const ENDLESS = { logit_bias: { [FAKE_EOS_ID]: -100 } };

interface Stream {
  readonly steps: StepResult[];
  readonly done: GenerateSummary | null;
  readonly names: string[];
}

function parse(text: string): Stream {
  const events = text.split("\n\n").filter((part) => part !== "").map((part) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part)!;
    return { name: name!, data: JSON.parse(data!) };
  });
  const last = events.at(-1)!;
  return {
    names: events.map(({ name }) => name),
    steps: events.filter(({ name }) => name === "step").map(({ data }) => stepResult.strict().parse(data)),
    done: last.name === "done" ? generateSummary.strict().parse(last.data) : null,
  };
}

Deno.test("one step an event, each a job of its own that goes on where the last ended, then done", async () => {
  const app = fakeApp();
  const response = await app.post(PATH, { ...FRANCE, max_tokens: 4, params: { seed: 9 } });
  assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
  const { steps, done, names } = parse(await response.text());
  assert.deepEqual(names, ["step", "step", "step", "step", "done"]);
  const ids = steps.flatMap(({ appended }) => appended.map(({ id }) => id));
  assert.deepEqual(done!.new_completion_ids, ids);
  assert.equal(done!.text, steps.flatMap(({ appended }) => appended.map(({ text }) => text)).join(""));
  assert.deepEqual([done!.stop_reason, done!.done, done!.appended_count], ["max_tokens", true, 4]);
  assert.deepEqual(app.engine.jobs.map(({ kind }) => kind), new Array(4).fill("generated_step"));
  const stepwise = await app.post("/api/step", {
    ...FRANCE,
    completion_ids: ids.slice(0, 3),
    params: { seed: 9 },
  });
  assert.equal((await stepwise.json()).selected.id, ids[3]);
});

Deno.test("stream false answers once, with the same steps", async () => {
  const app = fakeApp();
  const body = { ...FRANCE, max_tokens: 3, params: { seed: 9 } };
  const streamed = parse(await (await app.post(PATH, body)).text());
  const response = await app.post(PATH, { ...body, stream: false });
  const result: GenerateResult = generateResult.strict().parse(await response.json());
  assert.deepEqual(result.steps, streamed.steps);
  const { steps: _, ...summary } = result;
  assert.deepEqual(summary, streamed.done);
  const watched = await app.post(PATH, { ...body, stream: false }, { accept: "text/event-stream" });
  const names = [...(await watched.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  assert.equal(names.at(-1), "result");
});

Deno.test("it ends at a stop sequence over token borders, at the end of text, at a full context", async () => {
  const app = fakeApp();
  const ask = async (body: object) =>
    parse(await (await app.post(PATH, { ...FRANCE, ...body })).text()).done!;
  const free = await ask({ max_tokens: 6, params: { seed: 3 } });
  const stop = free.text.slice(3, 9);
  const stopped = await ask({ max_tokens: 6, params: { seed: 3, stop_sequences: [stop] } });
  assert.equal(stopped.stop_reason, "stop_sequence");
  assert.ok(stopped.text.includes(stop) && free.text.startsWith(stopped.text));
  const biased = await ask({ params: { greedy: true, logit_bias: { [FAKE_EOS_ID]: 100 } } });
  assert.deepEqual([biased.stop_reason, biased.appended_count], ["eos_token", 1]);
  const ids = new Array(510).fill(65);
  const full = await ask({ prompt_ids: ids, params: { greedy: true, logit_bias: { [FAKE_EOS_ID]: -100 } } });
  assert.deepEqual([full.stop_reason, full.appended_count], ["context_full", 2]);
});

Deno.test("what is forced, and u, is for the first step; mirostat's mu goes from step to step", async () => {
  const app = fakeApp();
  const params = { mirostat_tau: 2, temperature: 1, top_p: 1 };
  const { steps } = parse(
    await (await app.post(PATH, { ...FRANCE, force_text: " a cat", u: 0.25, max_tokens: 4, params })).text(),
  );
  assert.deepEqual(steps[0]!.new_completion_ids, fakeEncode(" a cat"));
  assert.deepEqual(steps.map(({ appended }) => appended.length), [2, 1, 1]);
  const inputs = app.engine.jobs.map(({ input }) =>
    input as { u: number | null; params: { mirostat_mu: number } }
  );
  assert.deepEqual(inputs.map(({ u }) => u), [0.25, null, null]);
  assert.deepEqual(
    inputs.slice(1).map(({ params }) => params.mirostat_mu),
    steps.slice(0, 2).map((s) => s.mirostat_mu),
  );
});

Deno.test("an error before the first step has its status; a later one is the last event", async () => {
  const app = fakeApp();
  assert.equal((await app.post(PATH, { prompt: "" })).status, 400);
  const response = await app.post(PATH, { ...FRANCE, max_tokens: 50, params: ENDLESS });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  app.engine.failWith(fault("queue_full", "Too many requests are waiting."));
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  const last = text.trim().split("\n\n").at(-1)!;
  assert.equal(last, 'event: error\ndata: {"error":"Too many requests are waiting.","code":"queue_full"}');
});

Deno.test("a client that reads slowly is not run ahead of, and one that leaves ends its steps", async () => {
  const app = fakeApp();
  const response = await app.post(PATH, { ...FRANCE, max_tokens: 1000, params: ENDLESS });
  const reader = response.body!.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(app.engine.jobs.length <= 3, `${app.engine.jobs.length} jobs`);
  await reader.cancel();
  const { length } = app.engine.jobs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(app.engine.jobs.length, length);
});

Deno.test("a client that closes its connection ends the step that runs", async () => {
  const app = fakeApp({ delayMs: 5 }); // a network is slower than the fake model
  await withServer(app, async ({ url }) => {
    const leave = new AbortController();
    const response = await fetch(`${url}${PATH}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...FRANCE, max_tokens: 1000, params: ENDLESS }),
      signal: leave.signal,
    });
    const reader = response.body!.getReader();
    await reader.read();
    app.engine.hold();
    leave.abort();
    const job = app.engine.jobs.at(-1)!;
    await new Promise<void>((resolve) => {
      if (job.signal.aborted) resolve();
      else job.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    app.engine.release();
  });
});

Deno.test("while the model loads, generation is 503", async () => {
  const response = await fakeApp({ status: fakeStatus.loading() }).post(PATH, FRANCE);
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "model_loading");
});
