import assert from "node:assert/strict";
import { apiErrorSchema } from "../../lib/api/schemas/error.ts";
import { fakeApp } from "./fake_app.ts";

const EVIL = "http://evil.test";

Deno.test("a foreign Host is refused before any route runs, in JSON under /api and as a page elsewhere", async () => {
  const app = fakeApp();
  const api = await app.post("/api/next-token", { text: "a" }, { host: "evil.test" });
  assert.equal(api.status, 403);
  const error = apiErrorSchema.parse(await api.json());
  assert.equal(error.code, "host_not_allowed");
  assert.match(error.error, /evil\.test.*NEXTTOKEN_ALLOWED_HOSTS/);
  const page = await app.ask("/", { headers: { host: "evil.test" } });
  assert.equal(page.status, 403);
  assert.match(await page.text(), /<h1>Error 403<\/h1>/);
  assert.equal(app.engine.submits.length, 0);
});

Deno.test("a foreign Origin is refused on the API, whatever the method, and may GET the page", async () => {
  const app = fakeApp();
  for (
    const [path, method] of [["/api/next-token", "POST"], ["/api/models", "GET"], ["/api/models", "OPTIONS"]]
  ) {
    const response = await app.ask(path!, { method: method!, headers: { origin: EVIL } });
    assert.equal(response.status, 403, `${method} ${path}`);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(apiErrorSchema.parse(await response.json()).code, "origin_not_allowed");
  }
  const page = await app.ask("/", { headers: { origin: EVIL } });
  await page.body?.cancel();
  assert.equal(page.status, 200);
  assert.equal(app.engine.submits.length, 0);
});

Deno.test("our own page is served under every name that is allowed", async () => {
  const app = fakeApp({ config: { allowedHosts: ["192.168.1.5"] } });
  for (const host of ["localhost:5005", "127.0.0.1:5005", "[::1]:5005", "192.168.1.5:5005"]) {
    const response = await app.post("/api/next-token", { text: "a" }, { host, origin: `http://${host}` });
    await response.body?.cancel();
    assert.equal(response.status, 200, host);
  }
});

Deno.test("an allowed origin gets its preflight answered and may read answers and errors", async () => {
  const app = fakeApp({ config: { allowedOrigins: [EVIL] } });
  const preflight = await app.ask("/api/next-token", {
    method: "OPTIONS",
    headers: {
      origin: EVIL,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-nexttoken-client",
    },
  });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get("access-control-allow-methods")!, /\bPOST\b/);
  assert.match(preflight.headers.get("access-control-allow-headers")!, /content-type/i);
  assert.match(preflight.headers.get("access-control-allow-headers")!, /x-nexttoken-client/i);
  const answer = await app.post("/api/next-token", { text: "a" }, { origin: EVIL });
  const error = await app.post("/api/next-token", {}, { origin: EVIL });
  for (const response of [preflight, answer, error]) {
    await response.body?.cancel();
    assert.equal(response.headers.get("access-control-allow-origin"), EVIL);
    assert.match(response.headers.get("vary")!, /Origin/);
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
  }
  assert.deepEqual([answer.status, error.status], [200, 400]);
});

Deno.test("OPTIONS that is no preflight reaches the route", async () => {
  const app = fakeApp({ config: { allowedOrigins: [EVIL] } });
  const response = await app.ask("/api/next-token", { method: "OPTIONS", headers: { origin: EVIL } });
  assert.deepEqual([response.status, response.headers.get("allow")], [204, "POST, OPTIONS"]);
});
