import assert from "node:assert/strict";
import { Builder } from "fresh/dev";
import type { State } from "../../lib/define.ts";
import type { Fault } from "../../lib/fault.ts";
import { contentSecurityPolicy, withHeaders } from "../../lib/api/http/security_headers.ts";
import { fakeApp } from "./fake_app.ts";

// A file and a rendered page, for the headers of both. Built while the module loads, as in tests/fresh/site.ts.
const outDir = await Deno.makeTempDir();
const root = decodeURIComponent(new URL("../fixtures/edges_site", import.meta.url).pathname);
const install = await new Builder<State>({ root, outDir }).build({ snapshot: "memory" });
await Deno.remove(outDir, { recursive: true });

const FIXED: Record<string, string> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

Deno.test("every answer has the security headers: page, API, file, error, refusal, redirect", async () => {
  const app = fakeApp({ install });
  const requests: [string, number, RequestInit?][] = [
    ["/", 200],
    ["/styles.css", 200],
    ["/api/model/status", 200],
    ["/api/openapi.json", 200],
    ["/api/nothing", 404],
    ["/nothing", 404],
    ["/broken", 500],
    ["/api/broken", 500],
    ["/elsewhere", 302], // Response.redirect() makes immutable headers
    ["/favicon.ico", 404],
    ["/api/next-token", 405],
    ["/api/models", 403, { headers: { origin: "http://evil.test" } }],
    ["/", 403, { headers: { host: "evil.test" } }],
    ["/", 403, { method: "POST", headers: { origin: "http://evil.test" } }],
  ];
  for (const [path, status, init] of requests) {
    const response = await app.ask(path, init);
    await response.body?.cancel();
    assert.equal(response.status, status, path);
    for (const [name, value] of Object.entries(FIXED)) assert.equal(response.headers.get(name), value, path);
    assert.match(response.headers.get("permissions-policy")!, /camera=\(\)/);
    assert.match(response.headers.get("content-security-policy")!, /^default-src 'none'; script-src 'self'/);
    assert.equal(response.headers.get("x-fresh-nonce"), null);
  }
});

Deno.test("the policy has no exception but the nonces", () => {
  const policy = contentSecurityPolicy(["abc", "def"]);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  assert.match(policy, /; script-src 'self' 'nonce-abc' 'nonce-def'; style-src 'self'; /);
  assert.match(policy, /require-trusted-types-for 'script'$/);
});

Deno.test("a page has a nonce of its own each time, other answers none", async () => {
  const app = fakeApp({ install });
  const nonceOf = async (path: string) => {
    const response = await app.ask(path);
    const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy")!)?.[1];
    assert.equal(/<script nonce="([^"]+)"/.exec(await response.text())?.[1], nonce);
    return nonce;
  };
  const nonces = await Promise.all([nonceOf("/"), nonceOf("/"), nonceOf("/")]);
  assert.equal(new Set(nonces).size, 3);
  for (const nonce of nonces) assert.equal(atob(nonce!).length, 16);
  assert.equal(await nonceOf("/api/models"), undefined);
  assert.equal(await nonceOf("/styles.css"), undefined);
});

Deno.test("the nonce that the renderer gives its scripts is in the policy", async () => {
  const response = await fakeApp({ install }).ask("/rendered");
  const nonce = /<script nonce="([^"]+)">1<\/script>/.exec(await response.text())?.[1];
  assert.ok(nonce);
  assert.ok(response.headers.get("content-security-policy")!.includes(`'nonce-${nonce}'`));
});

Deno.test("answers of the API are not stored", async () => {
  const response = await fakeApp().ask("/api/models");
  await response.body?.cancel();
  assert.equal(response.headers.get("cache-control"), "no-store");
});

Deno.test("headers are set in place where they can be, else on a copy", () => {
  const own = new Response("a");
  assert.equal(withHeaders(own, (headers) => headers.set("x-a", "1")), own);
  const copy = withHeaders(Response.redirect("http://localhost/b"), (headers) => headers.set("x-a", "1"));
  assert.deepEqual([copy.status, copy.headers.get("location"), copy.headers.get("x-a")], [
    302,
    "http://localhost/b",
    "1",
  ]);
});

Deno.test("what may be over by itself says when to ask again, and nothing else does", async () => {
  const failing = (cause: Fault) =>
    fakeApp({
      answers: {
        next_token: () => {
          throw new Error("The engine cannot be reached.", { cause });
        },
        read_prompt: () => {
          throw new Error("The engine cannot be reached.", { cause });
        },
      },
    });
  for (
    const [path, body] of [["/api/next-token", { ids: [1] }], ["/v1/completions", { prompt: "a" }]] as const
  ) {
    const away = await failing({ code: "inference_failed", again: 2 }).post(path, body);
    assert.deepEqual([away.status, away.headers.get("retry-after")], [500, "2"], path);
    const broken = await failing({ code: "inference_failed" }).post(path, body);
    assert.deepEqual([broken.status, broken.headers.get("retry-after")], [500, null], path);
  }
});
