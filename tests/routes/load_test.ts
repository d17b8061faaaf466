import assert from "node:assert/strict";
import { apiErrorSchema } from "../../lib/api/schemas/error.ts";
import { modelListSchema } from "../../lib/api/endpoints/models.ts";
import { modelStatusSchema } from "../../lib/api/endpoints/model_status.ts";
import { fault } from "../../lib/fault.ts";
import type { ModelVariants } from "../../lib/hub/folder/types.ts";
import { FAKE_MODEL_ID } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { type FakeApp, fakeApp } from "./fake_app.ts";

const PATH = "/api/model/load";

async function statusFrom(response: Response) {
  assert.equal(response.status, 200);
  return modelStatusSchema.strict().parse(await response.json());
}

async function errorFrom(response: Response, status: number) {
  assert.equal(response.status, status);
  return apiErrorSchema.strict().parse(await response.json());
}

const cancel = (app: FakeApp) => app.ask(PATH, { method: "DELETE" });

Deno.test("a load answers at once: loading, while the old model is ready", async () => {
  const app = fakeApp();
  const status = await statusFrom(await app.post(PATH, { model_id: "owner/other" }));
  assert.deepEqual([status.loading, status.ready], [true, true]);
  assert.deepEqual([status.model_id, status.loading_id], [FAKE_MODEL_ID, "owner/other"]);
  assert.equal(status.progress?.phase, "resolving");
  assert.deepEqual(app.engine.loads, [{
    modelId: "owner/other",
    revision: null,
    variant: null,
    device: null,
  }]);
  const all = { model_id: "a/b", revision: "v1", dtype: "q4", device: "cpu" };
  const refused = await errorFrom(await app.post(PATH, all), 409);
  assert.equal(refused.code, "load_in_progress");
  assert.match(refused.error, /owner\/other is being loaded/);
  const stopped = await statusFrom(await cancel(app));
  assert.deepEqual([stopped.loading, stopped.ready, stopped.load_error], [false, true, null]);
  await statusFrom(await app.post(PATH, all));
  assert.deepEqual(app.engine.loads[1], { modelId: "a/b", revision: "v1", variant: "q4", device: "cpu" });
});

Deno.test("nothing to cancel is no error", async () => {
  assert.equal((await statusFrom(await cancel(fakeApp()))).loading, false);
});

Deno.test("a failed load is told beside the model that serves, a failed start instead of one", async () => {
  const app = fakeApp({ status: fakeStatus.loadFailed("owner/other is broken.") });
  const beside = await statusFrom(await app.ask("/api/model/status"));
  assert.deepEqual([beside.ready, beside.error, beside.load_error], [true, null, "owner/other is broken."]);
  app.engine.setStatus(fakeStatus.failed("No such folder."));
  const instead = await statusFrom(await app.ask("/api/model/status"));
  assert.deepEqual([instead.ready, instead.error, instead.load_error], [false, "No such folder.", null]);
  const again = await statusFrom(await app.post(PATH, { model_id: "owner/other" }));
  assert.deepEqual([again.loading, again.error, again.model_id], [true, null, "owner/other"]);
});

Deno.test("a download's progress has bytes and speed", async () => {
  const app = fakeApp({ status: fakeStatus.swapping("owner/other") });
  const { progress } = await statusFrom(await app.ask("/api/model/status"));
  assert.deepEqual(progress, {
    phase: "downloading",
    file: "onnx/model_q4.onnx",
    received: 25_000_000,
    total: 100_000_000,
    bytes_per_second: 5_000_000,
  });
});

Deno.test("a malformed load request is 400 with its field, and reaches no engine", async () => {
  const app = fakeApp();
  const wrong: [unknown, string | undefined][] = [
    [{}, "model_id"],
    [{ model_id: null }, "model_id"],
    [{ model_id: ["a/b"] }, "model_id"],
    [{ model_id: "a/b", device: "gpu" }, "device"],
    [{ model_id: "a/b", dtype: 4 }, "dtype"],
    [{ model_id: "a/b", revision: {} }, "revision"],
    [[], undefined],
    ["{", undefined],
  ];
  for (const [body, field] of wrong) {
    const error = await errorFrom(await app.post(PATH, body), 400);
    assert.deepEqual([error.code, error.field], ["invalid_request", field], JSON.stringify(body));
  }
  assert.deepEqual(app.engine.loads, []);
});

const VARIANTS: ModelVariants = {
  id: "owner/other",
  source: "onnx-community/other",
  license: "mit",
  files: [{
    file: "onnx/model_q4.onnx",
    dtype: "q4",
    bytes: 12,
    fidelity: "q4: 4-bit weights",
    cached: false,
    chosen: true,
    fits: null,
  }],
};

Deno.test("the list of models has the files of one of them where it is asked for", async () => {
  const app = fakeApp({ variants: VARIANTS });
  const ask = async (query: string) =>
    modelListSchema.strict().parse(await (await app.ask(`/api/models${query}`)).json());
  assert.deepEqual((await ask("?id=owner%2Fother&revision=v1")).variants, VARIANTS);
  assert.equal("variants" in await ask(""), false);
});

Deno.test("a model whose files nobody can list is 422, a malformed name 400", async () => {
  const app = fakeApp();
  const unknown = await errorFrom(await app.ask("/api/models?id=a/b"), 422);
  assert.deepEqual([unknown.code, unknown.field], ["unsupported", "id"]);
  app.engine.variants = () => Promise.reject(fault("invalid_request", "No model name.", "model_id"));
  assert.equal((await errorFrom(await app.ask("/api/models?id=.."), 400)).code, "invalid_request");
  assert.equal((await errorFrom(await app.ask("/api/models?id=nothing"), 404)).code, "model_not_found");
  const typo = await errorFrom(await app.ask("/api/models?idd=a"), 400);
  assert.match(typo.error, /no field "idd" here\. Did you mean id\?$/);
  assert.match((await errorFrom(await app.ask("/api/models?id=a&id=b"), 400)).error, /id once/);
});
