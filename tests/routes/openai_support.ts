// What tests of other servers' APIs share.
import assert from "node:assert/strict";
import { openAiErrorSchema } from "../../lib/api/schemas/error.ts";
import { completionsResult } from "../../lib/api/openai/completions.ts";
import { fakeApp } from "./fake_app.ts";

export type Json = Record<string, unknown>;

/** An answer of POST /v1/completions. */
export async function complete(body: Json, app = fakeApp()) {
  const response = await app.post("/v1/completions", body);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return completionsResult.parse(JSON.parse(text));
}

/** The data lines of a stream. */
export async function lines(path: string, body: Json, app = fakeApp()): Promise<string[]> {
  const response = await app.post(path, { ...body, stream: true });
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  return (await response.text()).trim().split("\n\n").map((line) => {
    assert.ok(line.startsWith("data: ") && !line.includes("\n"), line);
    return line.slice("data: ".length);
  });
}

export async function refusal(path: string, body: Json, status = 400, app = fakeApp()) {
  const response = await app.post(path, body);
  assert.equal(response.status, status, await response.clone().text());
  assert.equal(response.headers.get("x-should-retry"), status === 429 || status === 503 ? "true" : "false");
  return openAiErrorSchema.parse(await response.json()).error;
}
