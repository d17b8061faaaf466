import assert from "node:assert/strict";
import { apiErrorSchema, openAiErrorSchema } from "../../lib/api/schemas/error.ts";
import { FAKE_MODEL_ID } from "../fake_model.ts";
import { API_PATHS, fakeApp } from "./fake_app.ts";

const READ_ONLY = [
  ...["/api/model/events", "/api/model/status", "/api/models", "/api/openapi.json"],
  ...["/v1/models", "/v1/models/{id}", "/tokenizer_info", "/props", "/health", "/v1/health"],
];
const ENDPOINTS = {
  ...Object.fromEntries(
    API_PATHS.map((
      path,
    ) => [
      path.replace("{id}", FAKE_MODEL_ID),
      READ_ONLY.includes(path) ? "GET, HEAD, OPTIONS" : "POST, OPTIONS",
    ]),
  ),
  "/api/model/load": "POST, DELETE, OPTIONS",
  "/api/classroom": "GET, POST, HEAD, OPTIONS",
};

/** An error in the shape that clients of the path read. */
function errorOf(path: string, body: unknown): { code: string; sentence: string } {
  if (path.startsWith("/api/")) {
    const { code, error } = apiErrorSchema.parse(body);
    return { code, sentence: error };
  }
  const { code, message } = openAiErrorSchema.parse(body).error;
  return { code, sentence: message };
}

Deno.test("the API has the endpoints of the first issue", () => {
  for (const path of [...READ_ONLY, "/api/next-token"]) assert.ok(API_PATHS.includes(path), path);
});

Deno.test("a wrong method is 405 with Allow, OPTIONS 204 with Allow", async () => {
  const app = fakeApp();
  for (const [path, allow] of Object.entries(ENDPOINTS)) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
      if (allow.split(", ").includes(method)) continue;
      const response = await app.ask(path, { method });
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), allow);
      if (method === "HEAD") continue;
      const { code, sentence } = errorOf(path, await response.json());
      assert.equal(code, "method_not_allowed");
      assert.ok(sentence.includes(new URL(path, "http://a").pathname) && sentence.includes(method), sentence);
    }
    const options = await app.ask(path, { method: "OPTIONS" });
    assert.deepEqual([options.status, options.headers.get("allow"), await options.text()], [204, allow, ""]);
  }
});

Deno.test("the page takes GET and HEAD: another method is not answered with it", async () => {
  const app = fakeApp();
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const response = await app.ask("/", { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD, OPTIONS"], method);
    assert.match(await response.text(), new RegExp(`The page takes GET, but was asked with ${method}\\.`));
  }
  const options = await app.ask("/", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, HEAD, OPTIONS"]);
});

Deno.test("HEAD is GET without a body, and leaves no stream behind", async () => {
  const app = fakeApp();
  for (const [path, allow] of Object.entries(ENDPOINTS)) {
    if (!allow.includes("HEAD")) continue;
    const response = await app.ask(path, { method: "HEAD" });
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), "");
  }
  assert.equal(app.engine.subscribers, 0);
});

Deno.test("unknown paths under /api are 404 in JSON, with any method", async () => {
  const app = fakeApp();
  for (
    const path of [
      "/api",
      "/api/",
      "/api/nothing",
      "/api/model",
      "/api/next-token/x",
      "/api/%00",
      "/api/a/../b",
    ]
  ) {
    for (const method of ["GET", "POST"]) {
      const response = await app.ask(path, { method });
      assert.equal(response.status, 404, path);
      assert.equal(apiErrorSchema.parse(await response.json()).code, "not_found");
    }
  }
});

Deno.test("an error in a route under /api is JSON, elsewhere a page; neither shows its text", async () => {
  const app = fakeApp();
  const api = await app.ask("/api/broken");
  assert.equal(api.status, 500);
  assert.equal(apiErrorSchema.parse(await api.json()).code, "internal_error");
  const page = await app.ask("/broken");
  assert.equal(page.status, 500);
  assert.match(page.headers.get("content-type")!, /^text\/html/);
  assert.doesNotMatch(await page.text(), /secret/);
  const missing = await app.ask("/nothing-<b>here");
  assert.equal(missing.status, 404);
  const html = await missing.text();
  assert.match(html, /<h1>Error 404<\/h1>/);
  assert.doesNotMatch(html, /<b>/);
});

Deno.test("bodies: 415 without the type, 413 over the limit, with the connection closed", async () => {
  const app = fakeApp();
  const plain = await app.ask("/api/next-token", { method: "POST", body: '{"text":"a"}' });
  assert.equal(plain.status, 415);
  assert.equal(apiErrorSchema.parse(await plain.json()).code, "unsupported_media_type");
  const large = await app.post("/api/next-token", { text: "x".repeat(1024 * 1024) });
  assert.equal(large.status, 413);
  assert.equal(large.headers.get("connection"), "close");
  assert.equal(apiErrorSchema.parse(await large.json()).code, "body_too_large");
});

Deno.test("a method that nothing knows is refused before the router, with our headers and no word to others", async () => {
  const app = fakeApp();
  for (const path of ["/", "/api/step", "/nowhere"]) {
    for (const method of ["PROPFIND", "PURGE"]) {
      const response = await app.ask(path, { method });
      assert.equal(response.status, 501);
      assert.match(response.headers.get("content-security-policy")!, /default-src/);
      assert.match(await response.text(), new RegExp(`Nothing here takes the method ${method}`));
    }
  }
});

Deno.test("a percent sign that begins no character is refused, whatever the path, and ends nothing", async () => {
  const app = fakeApp();
  const refused = { "/v1/models/%ff": openAiErrorSchema, "/api/%zz": apiErrorSchema };
  for (const [path, schema] of Object.entries(refused)) {
    const response = await app.ask(path);
    assert.equal(response.status, 400, path);
    assert.match(response.headers.get("content-security-policy")!, /default-src/);
    assert.match(JSON.stringify(schema.parse(await response.json())), /percent sign/);
  }
  const page = await app.ask("/%");
  assert.equal(page.status, 400);
  assert.match(await page.text(), /<h1>Error 400<\/h1>[\s\S]*percent sign/);
});

Deno.test("a file takes GET and HEAD: another method is refused as on the page, OPTIONS says so", async () => {
  const app = fakeApp();
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const response = await app.ask("/styles.css", { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD, OPTIONS"], method);
    assert.match(response.headers.get("content-type")!, /^text\/html/);
    assert.match(await response.text(), new RegExp(`A file takes GET, but was asked with ${method}\\.`));
  }
  const options = await app.ask("/styles.css", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, HEAD, OPTIONS"]);
});
