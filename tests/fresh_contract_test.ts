// What this app's routes rely on in Fresh's public API. It imports nothing but that API, so that the same tests
// run on the stand-in (deno.json) and on Fresh itself (deno.fresh.json): they assert only what both show.
import assert from "node:assert/strict";
import { App, type Context, HttpError, page } from "fresh";
import { asset, IS_BROWSER } from "fresh/runtime";
import type { State } from "./fixtures/fresh_site/state.ts";
import { openSite, ORIGIN } from "./fresh_site.ts";

const { fetchSite, textOf, applyBuild } = await openSite();

/** Answers one request by an app without file routes. */
const ask = (app: App<State>, path: string, init?: RequestInit) =>
  app.handler()(new Request(ORIGIN + path, init));

/** Runs `action` while what it logs as an error is kept off the screen. */
async function quietly<T>(action: () => Promise<T>): Promise<T> {
  const { error } = console;
  console.error = () => {};
  try {
    return await action();
  } finally {
    console.error = error;
  }
}

Deno.test("A page is rendered inside _app as an HTML document", async () => {
  const response = await fetchSite("/plain");
  const html = await response.text();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(html, /^<!DOCTYPE html><html lang="en"><head>/);
  assert.match(html, /<body class="app" data-path="\/plain" data-app-data="null">/);
  assert.match(html, /<\/p><\/body><\/html>$/);
});

Deno.test("A page component gets exactly the documented props", async () => {
  const keys = "Component config data error info isPartial params req route state url";
  assert.match(await textOf("/plain"), new RegExp(`<p id="keys">${keys}</p>`));
});

Deno.test("A page with skipAppWrapper gets the missing html, head and body", async () => {
  assert.match(
    await textOf("/bare"),
    /^<!DOCTYPE html><html><head><meta charset="utf-8"\/?><\/head><body><p>no wrapper<\/p>.*<\/body><\/html>$/,
  );
});

Deno.test("page() gives the component its data, and the response its status and headers", async () => {
  const response = await fetchSite("/data");
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-page"), "yes");
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(await response.text(), /<p id="data">3 root<\/p>/);
});

Deno.test("page() is a plain object", () => {
  const { data, status } = page({ a: 1 }, { status: 202 });
  assert.deepEqual({ data, status }, { data: { a: 1 }, status: 202 });
});

Deno.test("A handler's Response is sent as it is", async () => {
  const response = await fetchSite("/data", { method: "POST", body: "this" });
  assert.equal(response.headers.get("x-kept"), "yes");
  assert.equal(await response.text(), "posted this");
});

Deno.test("A handler object answers 404 to a method it lacks, but GET renders the component", async () => {
  assert.equal((await fetchSite("/data", { method: "PUT" })).status, 404);
  assert.equal((await fetchSite("/data", { method: "OPTIONS" })).status, 404);
  assert.match(await textOf("/post-only"), /<p id="data">\{\}<\/p>/);
});

Deno.test("A handler function and a page without handler answer every method", async () => {
  const refused = await fetchSite("/api/echo", { method: "DELETE" });
  assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "POST"]);
  assert.equal((await fetchSite("/api/echo", { method: "OPTIONS" })).status, 405);
  assert.deepEqual(await (await fetchSite("/api/echo", { method: "POST" })).json(), {
    method: "POST",
    seen: ["root"],
  });
  assert.equal((await fetchSite("/plain", { method: "POST" })).status, 200);
});

Deno.test("HEAD is answered like GET, without a body", async () => {
  const response = await fetchSite("/data", { method: "HEAD" });
  assert.deepEqual([response.status, response.headers.get("x-page"), response.body], [201, "yes", null]);
});

Deno.test("A handler that returns nothing is a 500", async () => {
  assert.equal((await quietly(() => fetchSite("/throws?kind=nothing"))).status, 500);
});

Deno.test("Async components are awaited, and may return a Response", async () => {
  assert.match(await textOf("/async"), /<p id="async">waited<\/p>/);
  const response = await fetchSite("/async?away");
  assert.deepEqual([response.status, await response.text()], [202, "not a page"]);
});

Deno.test("Fixed routes go before parameters, and those before the rest", async () => {
  assert.equal(await textOf("/items/special"), "the fixed one");
  assert.match(await textOf("/items/7"), /<p id="item">7\|\/items\/:id<\/p>/);
  assert.equal(await textOf("/items/7/8"), "rest:7/8");
});

Deno.test("Parameters are decoded but for escaped slashes", async () => {
  assert.match(await textOf("/items/a%20b%2Fc"), /<p id="item">a b%2Fc\|/);
});

Deno.test("A fixed route answers with and without a slash at the end; double slashes are folded", async () => {
  assert.equal((await fetchSite("/plain/")).status, 200);
  assert.equal((await fetchSite("//plain")).status, 200);
});

Deno.test("Middlewares run from the app over the root to the folder, and share ctx.state", async () => {
  const app = new App<State>().use((ctx) => {
    ctx.state.seen = ["app"];
    return ctx.next();
  }).fsRoutes();
  applyBuild(app);
  for (const path of ["/section/page", "/section"]) {
    assert.match(await (await ask(app, path)).text(), /<p id="seen">app,root,first,second<\/p>/);
  }
  assert.deepEqual(await (await ask(app, "/api/echo", { method: "POST" })).json(), {
    method: "POST",
    seen: ["app", "root"],
  });
});

Deno.test("A middleware may answer early, or change the answer after next()", async () => {
  assert.equal(await textOf("/early"), "early");
  assert.equal((await fetchSite("/api/echo", { method: "POST" })).headers.get("x-root"), "after");
});

Deno.test("app.use with a path covers only what lies below it", async () => {
  const app = new App<State>().use("/inner", () => new Response("guarded"))
    .get("/inner/page", () => new Response("inner")).get("/outer", () => new Response("outer"));
  assert.equal(await (await ask(app, "/inner/page")).text(), "guarded");
  assert.equal(await (await ask(app, "/outer")).text(), "outer");
});

Deno.test("app.get and its like answer 405 to another method, and OPTIONS with Allow", async () => {
  const app = new App<State>().get("/one", () => new Response("got")).post(
    "/one",
    () => new Response("posted"),
  );
  assert.equal(await (await ask(app, "/one", { method: "POST" })).text(), "posted");
  assert.equal((await ask(app, "/one", { method: "HEAD" })).status, 200);
  const refused = await ask(app, "/one", { method: "DELETE" });
  assert.deepEqual([refused.status, await refused.text()], [405, "Method Not Allowed"]);
  const options = await ask(app, "/one", { method: "OPTIONS" });
  assert.equal(options.status, 204);
  assert.match(options.headers.get("allow") ?? "", /GET.*POST/);
});

Deno.test("Errors become _error with the error's status", async () => {
  const teapot = await fetchSite("/throws?kind=teapot");
  assert.equal(teapot.status, 418);
  assert.match(await teapot.text(), /<body class="app".*<p class="error">418 short and stout<\/p>/);
  const plain = await quietly(() => fetchSite("/throws"));
  assert.equal(plain.status, 500);
  assert.match(await plain.text(), /<p class="error">500 plain trouble<\/p>/);
  const missing = await fetchSite("/no/such/page");
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /<p class="error">404 <\/p>/);
});

Deno.test("An error, a 404 too, arrives in the root middleware as a rejected next()", async () => {
  for (const [path, status] of [["/api/throws", 500], ["/api/unknown", 404]] as const) {
    const response = await fetchSite(path);
    assert.deepEqual([response.status, await response.json()], [status, { error: status }]);
  }
});

Deno.test("Without an error page errors are plain text and tell no details", async () => {
  const app = new App<State>()
    .get("/known", () => {
      throw new HttpError(403);
    })
    .get("/said", () => {
      throw new HttpError(409, "said so");
    })
    .get("/unknown", () => {
      throw new Error("a secret");
    });
  const answer = async (path: string) => {
    const response = await ask(app, path);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await answer("/known"), [403, "Forbidden"]);
  assert.deepEqual(await answer("/said"), [409, "said so"]);
  assert.deepEqual(await answer("/none"), [404, "Not Found"]);
  assert.deepEqual(await quietly(() => answer("/unknown")), [500, "Internal server error"]);
});

Deno.test("HttpError is an Error with a status and no message of its own", () => {
  const error = new HttpError(404);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.status, error.message], ["HttpError", 404, ""]);
});

Deno.test("Head replaces _app's title and metas of the same name, and adds the rest", async () => {
  const html = await textOf("/");
  const head = /<head>([^]*)<\/head>/.exec(html)![1]!;
  assert.deepEqual(head.match(/<title>[^<]*/g), ["<title>from the page"]);
  assert.deepEqual(head.match(/content="[^"]*"/g), ['content="from the page"', 'content="of the page"']);
  assert.doesNotMatch(html.slice(html.indexOf("<body")), /<title|<meta/);
});

Deno.test("Links know the page they are on", async () => {
  const html = await textOf("/section/page");
  assert.match(html, /<a href="\/section\/page" [^>]*aria-current="page"/);
  assert.match(html, /<a href="\/section" [^>]*aria-current="true"/);
  assert.match(html, /<a href="\/other">/);
});

Deno.test("Images and asset() carry the build's id, unless they say no", async () => {
  const html = await textOf("/");
  assert.match(html, /<img src="\/logo\.svg\?__frsh_c=\w+"/);
  assert.match(html, /<img src="\/logo\.svg" alt="plain"/);
  assert.ok(html.includes(`href="${asset("/styles.css")}"`));
  assert.equal(asset("https://elsewhere.test/x"), "https://elsewhere.test/x");
});

Deno.test("ctx.redirect, text, json, html and stream make the answers they are named after", async () => {
  const answer = async (make: (ctx: Context<State>) => Response) => {
    const response = await ask(new App<State>().get("/", make), "/");
    return [response.status, response.headers.get("location"), await response.text()];
  };
  assert.deepEqual(await answer((ctx) => ctx.redirect("/a?b=//c")), [302, "/a?b=//c", ""]);
  assert.deepEqual(await answer((ctx) => ctx.redirect("//elsewhere.test/", 303)), [
    303,
    "/elsewhere.test/",
    "",
  ]);
  assert.deepEqual(await answer((ctx) => ctx.text("a", { status: 201 })), [201, null, "a"]);
  assert.deepEqual(await answer((ctx) => ctx.json({ a: 1 })), [200, null, '{"a":1}']);
  assert.deepEqual(await answer((ctx) => ctx.html("<p>")), [200, null, "<p>"]);
  assert.equal(await textOf("/api/chunks"), "one two");
});

Deno.test("A stream's first chunk arrives while the rest is still to come", async () => {
  const reader = (await fetchSite("/api/stream")).body!.getReader();
  const { value, done } = await reader.read();
  assert.deepEqual([new TextDecoder().decode(value), done], ["data: first\n\n", false]);
  await reader.cancel();
});

Deno.test("app.listen serves at the given address, and passes on that it is taken", async () => {
  const stop = new AbortController();
  const app = () => new App<State>().get("/", () => new Response("served"));
  const listening = Promise.withResolvers<Deno.NetAddr>();
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const options = { hostname: "127.0.0.1", port, signal: stop.signal };
  const served = app().listen({ ...options, onListen: listening.resolve });
  assert.equal((await listening.promise).port, port);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "served");
  await assert.rejects(app().listen({ ...options, onListen: () => {} }), Deno.errors.AddrInUse);
  stop.abort();
  await served;
});

Deno.test("Islands and their server code know where they run", async () => {
  assert.equal(IS_BROWSER, false);
  assert.match(await textOf("/"), /<i>server<\/i>/);
});
