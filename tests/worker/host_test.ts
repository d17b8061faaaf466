import assert from "node:assert/strict";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { Host } from "../../lib/worker/host.ts";
import type { FromWorker } from "../../lib/protocol/messages.ts";
import { startJob } from "../../lib/worker/jobs.ts";
import { fakeChat, fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { SPEC } from "../engine/fake_port.ts";

/** A host whose model has a chat template that answers when the test says so. */
async function hostWithSlowTemplate() {
  const said: string[] = [];
  const resumed: number[] = [];
  const rendering: PromiseWithResolvers<string>[] = [];
  const chat = {
    ...fakeChat,
    render: () => {
      rendering.push(Promise.withResolvers<string>());
      return rendering.at(-1)!.promise;
    },
  };
  const open = () =>
    Promise.resolve({
      info: FAKE_INFO,
      atOnce: 2,
      language: { ...fakeLanguage(FAKE_INFO), chat },
      speculation: { pause: () => Promise.resolve(), resume: () => void resumed.push(said.length) },
      counters: { cache: { hits: 0, misses: 0, bytes: 0 }, prefetch: { hits: 0, wastedTokens: 0 } },
      close: () => Promise.resolve(),
    });
  const host = new Host(
    (message: FromWorker) => {
      said.push("id" in message ? `${message.type} ${message.id}` : message.type);
    },
    open,
    () => Promise.resolve({ startJob }),
    () => void said.push("stopped"),
  );
  host.receive({ type: "load", spec: SPEC });
  await rest();
  const start = (id: number, body: object) =>
    host.receive({
      ...{ type: "start", id, kind: "preview", queuedMs: 0, encoded: false },
      input: parseRequest(previewRequest, body),
    });
  return { host, said, resumed, rendering, start };
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 2));
const CHAT = { prompt: "Hi", use_chat_template: true };
const PLAIN = { prompt: "Hi", use_chat_template: false };

Deno.test("a job that waits for its template is parked, asked for nothing, and says when it can go on", async () => {
  const { host, said, rendering, start } = await hostWithSlowTemplate();
  start(1, CHAT);
  start(2, PLAIN);
  await rest();
  assert.deepEqual(said, ["ready", "parked 1", "done 2"]);
  rendering[0]!.resolve("Hi!");
  await rest();
  assert.equal(said.at(-1), "resumable 1");
  host.receive({ type: "advance", id: 1 });
  await rest();
  assert.equal(said.at(-1), "done 1");
});

Deno.test("a template that fails resumes its job, which fails; one that was dropped says nothing more", async () => {
  const { host, said, rendering, start } = await hostWithSlowTemplate();
  start(1, CHAT);
  start(2, CHAT);
  await rest();
  host.receive({ type: "drop", id: 2 });
  await rest();
  rendering[0]!.reject(new Error("no"));
  rendering[1]!.reject(new Error("late"));
  await rest();
  assert.deepEqual(said, ["ready", "parked 1", "parked 2", "resumable 1"]);
  host.receive({ type: "advance", id: 1 });
  await rest();
  assert.deepEqual(said.slice(-2), ["log", "failed 1"]);
});

Deno.test("speculation goes on after the last job, however it ended", async () => {
  const { host, resumed, rendering, start } = await hostWithSlowTemplate();
  start(1, PLAIN);
  await rest();
  assert.equal(resumed.length, 1, "answered");
  start(2, CHAT);
  await rest();
  host.receive({ type: "drop", id: 2 });
  await rest();
  assert.equal(resumed.length, 2, "dropped");
  start(3, CHAT);
  await rest();
  rendering[1]!.reject(new Error("no"));
  await rest();
  host.receive({ type: "advance", id: 3 });
  await rest();
  assert.equal(resumed.length, 3, "failed");
});

Deno.test("slices of several jobs overlap: one that waits in the middle of its own holds up none, nor does its failure", async () => {
  const inside = Promise.withResolvers<void>();
  const said: string[] = [];
  const open = () =>
    Promise.resolve({
      info: FAKE_INFO,
      atOnce: 2,
      language: fakeLanguage(FAKE_INFO),
      speculation: { pause: () => Promise.resolve(), resume: () => void said.push("resume") },
      counters: { cache: { hits: 0, misses: 0, bytes: 0 }, prefetch: { hits: 0, wastedTokens: 0 } },
      close: () => Promise.resolve(void said.push("closed")),
    });
  const jobs: typeof startJob = async function* (kind, input, model, signal, queuedMs) {
    if (kind === "preview") await inside.promise; // as a run does
    return yield* startJob(kind, input, model, signal, queuedMs);
  };
  const host = new Host(
    (message: FromWorker) => void said.push("id" in message ? `${message.type} ${message.id}` : message.type),
    open,
    () => Promise.resolve({ startJob: jobs }),
    () => void said.push("stopped"),
  );
  host.receive({ type: "load", spec: SPEC });
  await rest();
  const start = (id: number, kind: "preview" | "tokenize", input: unknown) =>
    host.receive({ type: "start", id, kind, queuedMs: 0, encoded: false, input });
  start(1, "preview", parseRequest(previewRequest, PLAIN));
  start(2, "tokenize", { text: "Hi" });
  await rest();
  assert.deepEqual(said, ["ready", "done 2"], "and nothing is speculated meanwhile");
  start(3, "preview", parseRequest(previewRequest, PLAIN));
  host.receive({ type: "stop" });
  await rest();
  assert.deepEqual(said.slice(2), [], "a worker that stops waits for its slices");
  inside.reject(new Error("It broke."));
  await rest();
  assert.deepEqual(said.slice(2), ["failed 1", "failed 3", "closed", "stopped"]);
});
