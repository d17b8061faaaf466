import assert from "node:assert/strict";
import { generateRequest } from "../../lib/api/endpoints/generate.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { generate } from "../../lib/engine/generate.ts";
import type { Engine } from "../../lib/engine/types.ts";
import type { JobKind } from "../../lib/protocol/jobs.ts";
import { faultOf } from "../../lib/fault.ts";
import { startJob } from "../../lib/worker/jobs.ts";
import type { StepResult } from "../../lib/wire/step.ts";
import { finish } from "../decode/jobs.ts";
import { fakeChat, fakeLanguage } from "../fake_language.ts";
import { FAKE_EOS_ID } from "../fake_model.ts";
import { FAKE_INFO } from "../fakes.ts";

const OPTIONS = { client: "test", signal: new AbortController().signal };
const BODY = {
  prompt: "What is the time?",
  max_tokens: 5,
  params: { greedy: true, logit_bias: { [FAKE_EOS_ID]: -100 } },
};

/** The real jobs over the model that `serving` gives at each; `kinds` grows. */
function engineOver(serving: () => LanguageModel) {
  const kinds: JobKind[] = [];
  const submit: Engine["submit"] = (kind, input, { signal }) => {
    kinds.push(kind);
    return finish(startJob(kind, input, serving(), signal));
  };
  return { submit, kinds };
}

/** A model whose chat template writes how often it was asked, as others write the time. */
function clockModel() {
  let asked = 0;
  const chat = { ...fakeChat, render: () => Promise.resolve(`It is ${asked++} o'clock.`) };
  return { ...fakeLanguage(FAKE_INFO), chat, asked: () => asked };
}

async function collect(engine: Pick<Engine, "submit">, body: object) {
  const steps = generate(engine, parseRequest(generateRequest, body), OPTIONS);
  const ids: number[] = [];
  for (let next = await steps.next();; next = await steps.next()) {
    if (next.done) return { ids, summary: next.value };
    const step: StepResult = JSON.parse(new TextDecoder().decode(next.value.json));
    ids.push(...step.appended.map(({ id }) => id));
  }
}

Deno.test("the prompt is read once: a template that writes the time cannot change it in the middle", async () => {
  const model = clockModel();
  const engine = engineOver(() => model);
  const { ids, summary } = await collect(engine, { ...BODY, use_chat_template: true });
  assert.equal(model.asked(), 1);
  const fixed = { ...BODY, prompt: "It is 0 o'clock.", use_chat_template: false };
  assert.deepEqual(ids, (await collect(engineOver(() => fakeLanguage(FAKE_INFO)), fixed)).ids);
  assert.deepEqual(summary.new_completion_ids, ids);
  assert.deepEqual(engine.kinds, new Array(5).fill("generated_step"));
});

Deno.test("another model that takes over does not go on with the text of the first", async () => {
  let key = "first";
  const engine = engineOver(() => ({ ...fakeLanguage(FAKE_INFO), modelKey: key }));
  const steps = generate(engine, parseRequest(generateRequest, BODY), OPTIONS);
  await steps.next();
  key = "second";
  await assert.rejects(steps.next(), (error) => faultOf(error)?.code === "model_changed");
});

Deno.test("no step is computed before it is asked for", async () => {
  const engine = engineOver(() => fakeLanguage(FAKE_INFO));
  const steps = generate(engine, parseRequest(generateRequest, BODY), OPTIONS);
  await steps.next();
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(engine.kinds.length, 1);
  await steps.return(undefined as never);
  assert.equal(engine.kinds.length, 1);
});
