import assert from "node:assert/strict";
import { stepRequest } from "../../lib/api/endpoints/step.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { startJob } from "../../lib/worker/jobs.ts";
import { finish } from "../decode/jobs.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";

Deno.test("a generated step is the answer of a step, as bytes: the main thread gets no object of the vocabulary's size", async () => {
  const input = parseRequest(stepRequest, {
    prompt: "Hello",
    top_k: 1e6,
    u: 0.5,
    include: ["next", "bytes"],
  });
  const { signal } = new AbortController();
  const model = fakeLanguage(FAKE_INFO);
  const plain = await finish(startJob("step", input, model, signal, 7));
  const { json, prompt_ids, appended_count, bytes, ...facts } = await finish(
    startJob("generated_step", input, model, signal, 7),
  );
  const timing = { ...plain.timing, ...facts.timing };
  assert.equal(facts.timing.queued_ms, 7);
  const written = JSON.parse(new TextDecoder().decode(json));
  assert.deepEqual({ ...written, timing }, JSON.parse(JSON.stringify({ ...plain, timing })));
  assert.equal(written.timing.queued_ms, 7);
  assert.deepEqual([appended_count, bytes], [1, plain.appended[0]!.bytes]);
  assert.ok(JSON.stringify({ prompt_ids, ...facts }).length < 1000);
});
