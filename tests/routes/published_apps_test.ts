// Scripts for the two published apps whose formats these are must run unchanged: their request bodies, the keys they
// read and the types of the values. Only fields of theirs are asked about here; ours are added ones.
import assert from "node:assert/strict";
import { FAKE_MODEL_ID, FAKE_VOCAB_SIZE } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";

type Shape = { readonly [key: string]: Shape | string };

/** Throws unless `value` has each key of `shape` with a value of that type ("number|null"; "[...]" for lists). */
function check(value: unknown, shape: Shape | string, at: string): void {
  if (typeof shape === "string") {
    const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
    return assert.ok(shape.split("|").includes(type), `${at} is ${type}, not ${shape}`);
  }
  assert.ok(typeof value === "object" && value !== null, `${at} is no object`);
  for (const [key, inner] of Object.entries(shape)) {
    assert.ok(Object.hasOwn(value, key), `${at}.${key} is missing`);
    check((value as Record<string, unknown>)[key], inner, `${at}.${key}`);
  }
}

function checkAll(values: unknown, shape: Shape, at: string): void {
  assert.ok(Array.isArray(values) && values.length > 0, `${at} is no list with items`);
  values.forEach((value, index) => check(value, shape, `${at}[${index}]`));
}

const TOKEN: Shape = { id: "number", text: "string", display: "string", special: "boolean" };
const DIST: Shape = {
  top_k: "number",
  tokens: "list",
  kept_top: "list",
  other_p_base: "number",
  other_p_final: "number",
  kept_token_count: "number",
  constraint_active: "boolean",
  constraint_type: "string|null",
};
const LISTED_TOKEN: Shape = {
  ...TOKEN,
  p_base: "number",
  p_final: "number",
  kept: "boolean",
  valid: "boolean",
};
const MODEL: Shape = {
  model_id: "string",
  device: "string",
  dtype: "string",
  has_chat_template: "boolean",
  eos_token_id: "number|null",
  vocab_size: "number",
};

/** Every field of the second app's requests, as its page sends them. */
const PREVIEW_BODY = {
  branch_id: "default",
  prompt: "The capital of France is",
  system_prompt: "You are a helpful assistant.",
  use_chat_template: null,
  completion_ids: [256, 65],
  top_k: 10,
  params: {
    greedy: false,
    temperature: 0.7,
    top_p: 0.8,
    repetition_penalty: 1.05,
    presence_penalty: 0.0,
    frequency_penalty: 0.0,
    seed: null,
    stop_sequences: [],
  },
  constraint: { enabled: false, type: "multiple_choice", schema: "" },
};

Deno.test("the first app: text, top_k and temperature give candidates and a sample", async () => {
  for (const body of [{ text: "The cat" }, { text: "The cat ", top_k: 5, temperature: 1.5 }]) {
    const response = await fakeApp().post("/api/next-token", body);
    const answer = await response.json();
    assert.equal(response.status, 200);
    check(answer, {
      candidates: "list",
      sampled: "string",
      warning: "string|null",
      inputs: "list",
      logits: "list",
    }, "");
    checkAll(answer.candidates, { token: "string", prob: "number" }, "candidates");
  }
});

Deno.test("the second app: preview, with and without a chat template", async () => {
  for (const hasChatTemplate of [false, true]) {
    const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate }) });
    for (const use_chat_template of hasChatTemplate ? [null, true, false] : [null, false]) {
      const response = await app.post("/api/preview", { ...PREVIEW_BODY, use_chat_template });
      const answer = await response.json();
      assert.equal(response.status, 200, JSON.stringify(answer));
      check(answer, { model: MODEL, context_token_count: "number", dist: DIST }, "");
      checkAll(answer.prompt_tokens, TOKEN, "prompt_tokens");
      checkAll(answer.completion_tokens, TOKEN, "completion_tokens");
      checkAll(answer.dist.tokens, LISTED_TOKEN, "tokens");
      assert.equal(answer.dist.tokens.length, 10);
      assert.deepEqual([answer.model.model_id, answer.model.vocab_size], [FAKE_MODEL_ID, FAKE_VOCAB_SIZE]);
    }
  }
});

Deno.test("the second app: a drawn step, a forced token, a forced text, a step of its own seed", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  const step = { ...PREVIEW_BODY, reset_rng: false, force_token_id: null, force_text: null };
  const bodies: [Record<string, unknown>, string | null][] = [
    [step, null],
    [{ ...step, reset_rng: true, params: { ...step.params, seed: 42 } }, null],
    [{ ...step, params: { ...step.params, greedy: true, stop_sequences: ["\n"] } }, null],
    [{ ...step, force_token_id: 65 }, "token"],
    [{ ...step, force_text: " a cat" }, "text"],
  ];
  for (const [body, forcedBy] of bodies) {
    const response = await app.post("/api/step", body);
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    check(answer, {
      model: MODEL,
      dist: DIST,
      selected: { id: "number", text: "string", display: "string", p_final: "number" },
      new_completion_ids: "list",
      done: "boolean",
      stop_reason: "string|null",
    }, "");
    checkAll(answer.appended, TOKEN, "appended");
    const meta = { dist: DIST, selected_id: "number", forced: "boolean", forced_by: "string|null" };
    checkAll(answer.appended_meta, meta, "appended_meta");
    assert.equal(answer.appended_meta[0].forced_by, forcedBy);
    const added = answer.appended.map(({ id }: { id: number }) => id);
    assert.deepEqual(answer.new_completion_ids, [...step.completion_ids, ...added]);
  }
});

Deno.test("a minimal body is enough, the defaults are the app's", async () => {
  const app = fakeApp();
  const short = await (await app.post("/api/preview", { prompt: "The cat" })).json();
  const { params, constraint } = PREVIEW_BODY;
  const whole = await (await app.post("/api/preview", { prompt: "The cat", params, constraint, top_k: 10 }))
    .json();
  assert.deepEqual(short, whole);
});
