import assert from "node:assert/strict";
import { modelListSchema } from "../../lib/api/endpoints/models.ts";
import { modelStatusSchema } from "../../lib/api/endpoints/model_status.ts";
import type { AvailableModel } from "../../lib/wire/models.ts";
import {
  FAKE_EOS_ID,
  FAKE_MODEL_ID,
  FAKE_MODEL_KEY,
  FAKE_TOKENIZER_KEY,
  FAKE_VOCAB_SIZE,
} from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { type FakeApp, fakeApp } from "./fake_app.ts";

async function statusOf(app: FakeApp) {
  return modelStatusSchema.strict().parse(await (await app.ask("/api/model/status")).json());
}

Deno.test("the status of a ready model says what really runs", async () => {
  const status = await statusOf(
    fakeApp({ status: fakeStatus.ready({ warning: "cuda is not there; CPU is used." }) }),
  );
  assert.deepEqual(status, {
    model_id: FAKE_MODEL_ID,
    model_key: FAKE_MODEL_KEY,
    tokenizer_key: FAKE_TOKENIZER_KEY,
    backend: { kind: "onnx", device: "cpu", arithmetic: "float32", variant: "q4", runtime: "native" },
    device: "cpu",
    dtype: "float32",
    loading: false,
    ready: true,
    error: null,
    has_chat_template: false,
    eos_token_id: FAKE_EOS_ID,
    vocab_size: FAKE_VOCAB_SIZE,
    context_length: 512,
    quantization: "q4",
    runtime: "native",
    warning: "cuda is not there; CPU is used.",
    loading_id: null,
    load_error: null,
    prefetch: { hits: 0, wasted_tokens: 0 },
    progress: null,
    cache: { hits: 0, misses: 0, bytes: 0 },
  });
});

Deno.test("during the first load the status names the model and its progress", async () => {
  const status = await statusOf(fakeApp({ status: fakeStatus.loading() }));
  assert.deepEqual([status.loading, status.ready, status.model_id, status.device], [
    true,
    false,
    FAKE_MODEL_ID,
    null,
  ]);
  assert.deepEqual([status.progress?.received, status.progress?.total, status.progress?.bytes_per_second], [
    30,
    100,
    10,
  ]);
});

Deno.test("a failed load is an error; nothing at all is neither", async () => {
  const failed = await statusOf(fakeApp({ status: fakeStatus.failed("No such folder.") }));
  assert.deepEqual([failed.ready, failed.loading, failed.error], [false, false, "No such folder."]);
  const none = await statusOf(fakeApp({ status: fakeStatus.none() }));
  assert.deepEqual([none.ready, none.loading, none.error, none.model_id], [false, false, null, null]);
});

Deno.test("ready and loading can be true together", async () => {
  const loading = fakeStatus.loading();
  const both = { ...fakeStatus.ready(), load: loading.load, loadError: "The last one failed." };
  const status = await statusOf(fakeApp({ status: both }));
  assert.deepEqual([status.ready, status.loading, status.error, status.load_error], [
    true,
    true,
    null,
    "The last one failed.",
  ]);
});

Deno.test("the models: the loaded one first, then what there is", async () => {
  const other: AvailableModel = {
    id: "owner/other",
    label: "Other",
    parameters: null,
    bytes: 7,
    dtype: "q4",
    license: null,
    cached: true,
    bundled: false,
  };
  const ask = async (status: ReturnType<typeof fakeStatus.none>) =>
    modelListSchema.strict().parse(
      await (await fakeApp({ status, models: [other] }).ask("/api/models")).json(),
    );
  assert.deepEqual(await ask(fakeStatus.ready()), { models: [FAKE_MODEL_ID], available: [other] });
  assert.deepEqual((await ask(fakeStatus.loading())).models, []);
});
