// Below a path, as behind a reverse proxy.
import assert from "node:assert/strict";
import { serveBelowBasePath } from "../../lib/api/http/base_path.ts";
import { fakeApp, raw, withServer } from "./fake_app.ts";

const INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 40000 },
  completed: Promise.resolve(),
};
const PAGE = '<link href="/a.css"><a href="//other/">x</a><a href="./api/x">y</a>' +
  '<script type="module">import{boot}from"/_fresh/js/1/a.js";boot({},["say from\\"/_fresh/ and href=\\"/x"])</script>';

/** Asks a handler that answers by path, below a base path. */
function asked(path: string, init: RequestInit = {}, settings = { basePath: "/app", trustProxy: false }) {
  const headers = { "content-type": "text/html; charset=utf-8", "content-length": String(PAGE.length) };
  const inside = (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/go") return new Response(null, { status: 302, headers: { location: "/there" } });
    if (pathname === "/cookie") {
      return new Response("a", { headers: [["set-cookie", "a=1; Path=/; HttpOnly"], ["set-cookie", "b=2"]] });
    }
    if (pathname === "/a.css") {
      return new Response("p { src: url(/f.woff2) url('/g.svg') url(data:x) }", {
        headers: { "content-type": "text/css" },
      });
    }
    return pathname === "/" ? new Response(PAGE, { headers }) : new Response(pathname);
  };
  const handler = serveBelowBasePath((request) => Promise.resolve(inside(request)), settings);
  return handler(new Request(`http://localhost:5005${path}`, init), INFO);
}

Deno.test("every address of ours in the page gets the base path, and no other word", async () => {
  const response = await asked("/app/");
  assert.equal(response.headers.get("content-length"), null);
  const html = await response.text();
  assert.ok(html.startsWith('<link href="/app/a.css"><a href="//other/">x</a><a href="./api/x">'));
  assert.ok(html.includes('from"/app/_fresh/js/1/a.js"'));
  assert.ok(html.includes('["say from\\"/_fresh/ and href=\\"/x"]'));
  assert.equal(
    await (await asked("/app/a.css")).text(),
    "p { src: url(/app/f.woff2) url('/app/g.svg') url(data:x) }",
  );
});

Deno.test("HEAD says no other length than GET", async () => {
  const handler = serveBelowBasePath(
    () =>
      Promise.resolve(new Response(null, { headers: { "content-type": "text/css", "content-length": "9" } })),
    { basePath: "/app", trustProxy: false },
  );
  const { headers } = await handler(new Request("http://localhost/app/a.css", { method: "HEAD" }), INFO);
  assert.equal(headers.get("content-length"), null);
});

Deno.test("redirects, cookies, and the path itself without its slash", async () => {
  assert.equal((await asked("/app/go")).headers.get("location"), "/app/there");
  assert.deepEqual((await asked("/app/cookie")).headers.getSetCookie(), ["a=1; Path=/app/; HttpOnly", "b=2"]);
  const bare = await asked("/app?x=1");
  assert.deepEqual([bare.status, bare.headers.get("location")], [308, "/app/?x=1"]);
  assert.match(bare.headers.get("content-security-policy")!, /default-src/);
});

Deno.test("a proxy may take the path off; another path that begins alike is none of it", async () => {
  assert.match(await (await asked("/")).text(), /href="\/app\/a\.css"/);
  assert.equal(await (await asked("/apple")).text(), "/apple");
});

Deno.test("X-Forwarded-Prefix counts where a proxy is trusted, and only as a path", async () => {
  const page = async (prefix: string, trustProxy: boolean) =>
    await (await asked("/", { headers: { "x-forwarded-prefix": prefix } }, { basePath: "", trustProxy }))
      .text();
  assert.match(await page("/tools/next/", true), /href="\/tools\/next\/a\.css"/);
  assert.equal(await page("/tools", false), PAGE);
  for (const bad of ['/"><script>', "//evil", "/a/../b", "tools", "/a b", "https://x/"]) {
    assert.equal(await page(bad, true), PAGE, bad);
  }
});

Deno.test("the app below a path: bodies, errors in JSON, methods that nothing knows", async () => {
  const handler = serveBelowBasePath(fakeApp().handler, { basePath: "/app", trustProxy: false });
  const ask = (path: string, init: RequestInit) =>
    handler(new Request(`http://localhost:5005${path}`, init), INFO);
  const body = JSON.stringify({ text: "a" });
  const answer = await ask("/app/api/next-token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(answer.status, 200);
  assert.ok((await answer.json()).candidates.length > 0);
  const unknown = await ask("/app/api/nothing", {});
  assert.deepEqual([unknown.status, (await unknown.json()).code], [404, "not_found"]);
  const method = await ask("/app/api/step", { method: "PURGE" });
  assert.deepEqual([method.status, (await method.json()).code], [501, "method_unknown"]);
});

Deno.test("the app below a path: methods that no Request is made with, GET with a body, where the API is", async () => {
  const handler = serveBelowBasePath(fakeApp().handler, { basePath: "/app", trustProxy: false });
  await withServer({ handler }, async ({ port }) => {
    const ask = (first: string, more = "") =>
      raw(port, `${first} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`);
    assert.match(await ask("TRACE /app/api/step"), /^HTTP\/1\.1 405 [\s\S]*allow: POST, OPTIONS\r\n/);
    assert.match(await ask("TRACE /app/"), /^HTTP\/1\.1 405 /);
    assert.match(await ask("GET /app/api/models", "Content-Length: 2\r\n"), /^HTTP\/1\.1 200 /);
  });
});

Deno.test("the API's document says where its paths begin, however it is written; what is no document stays", async () => {
  const document = {
    openapi: "3.1.0",
    info: { title: '"servers":[{"url":"/"}]' },
    servers: [{ url: "/" }],
    paths: {},
  };
  const of = async (answer: Response, base = "/app") => {
    const handler = serveBelowBasePath(() => Promise.resolve(answer), { basePath: base, trustProxy: false });
    return await (await handler(new Request(`http://localhost:5005${base}/api/openapi.json`), INFO)).json();
  };
  const moved = { ...document, servers: [{ url: "/a/b~c" }] };
  assert.deepEqual(await of(new Response(JSON.stringify(document, null, 2)), "/a/b~c"), moved);
  const refusal = { error: "No.", code: "method_not_allowed" };
  assert.deepEqual(await of(Response.json(refusal, { status: 405 })), refusal);
  // Every address that it makes is one of ours, by the rules of OpenAPI: the server's, with a path behind it.
  const handler = serveBelowBasePath(fakeApp().handler, { basePath: "/app", trustProxy: false });
  for (const path of ["/app/api/openapi.json", "/api/openapi.json"]) {
    const address = new URL(path, "http://localhost:5005");
    const { servers, paths } = await (await handler(new Request(address), INFO)).json();
    const status = new URL(
      `${servers[0].url}${Object.keys(paths).find((one) => one.endsWith("/status"))}`,
      address,
    );
    assert.equal(status.pathname, "/app/api/model/status");
    assert.equal((await handler(new Request(status), INFO)).status, 200);
  }
});
