// What this app's routes rely on in Fresh's public API. It imports nothing but that API, so that the same tests
// run on the stand-in (deno.json) and on Fresh itself (deno.fresh.json): they assert only what both show.
import assert from "node:assert/strict";
import { HttpError } from "fresh";
import { asset, IS_BROWSER } from "fresh/runtime";
import { fetchSite, textOf } from "./site.ts";

/** Status and text of an answer, while what it logs as an error is kept off the screen. */
async function quietly(path: string): Promise<[number, string]> {
  const { error } = console;
  console.error = () => {};
  try {
    const response = await fetchSite(path);
    return [response.status, await response.text()];
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
  assert.match(html, /<body class="app" data-path="\/plain" data-seen="first,protect">/);
  assert.match(html, /<\/p><\/body><\/html>$/);
});

Deno.test("A page component gets the state that the middlewares have filled, the URL and the request", async () => {
  assert.match(await textOf("/plain"), /<p id="props">first,protect \/plain GET<\/p>/);
});

Deno.test("A handler function gets every method, and its Response is sent as it is", async () => {
  const posted = await fetchSite("/api/echo", { method: "POST" });
  assert.equal(posted.headers.get("x-kept"), "yes");
  assert.deepEqual(await posted.json(), { method: "POST", seen: ["first", "protect"] });
  for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const refused = await fetchSite("/api/echo", { method });
    assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET, POST"], method);
  }
});

Deno.test("A page answers every method", async () => {
  assert.match(await textOf("/plain", { method: "POST" }), /\/plain POST/);
});

Deno.test("HEAD is answered without a body", async () => {
  for (const path of ["/plain", "/hello.txt"]) {
    const response = await fetchSite(path, { method: "HEAD" });
    assert.deepEqual([response.status, response.body], [200, null], path);
  }
});

Deno.test("The route of an index file is its folder; a dot in a file's name stays", async () => {
  assert.match(await textOf("/lazy"), /data-path="\/lazy"/);
  assert.equal(await textOf("/api/named.json"), "named");
});

Deno.test("Open segments of a path are parameters, a fixed name goes first, an open rest last", async () => {
  const asked = async (path: string) => JSON.parse(await textOf(path));
  assert.equal(await textOf("/items/new"), "new");
  assert.deepEqual(await asked("/items/a%20b"), { id: "a b" });
  assert.deepEqual(await asked("/items/a%2Fb"), { id: "a%2Fb" });
  assert.deepEqual(await asked("/items/owner/name"), { rest: "owner/name" });
});

Deno.test("A route answers with and without a slash at the end; double slashes are folded", async () => {
  assert.equal((await fetchSite("/plain/")).status, 200);
  assert.match(await textOf("//plain"), /data-path="\/plain"/);
});

Deno.test("A path may have an answer of its own, in every method", async () => {
  assert.deepEqual(JSON.parse(await textOf("/direct/a%20b", { method: "PUT" })), {
    id: "a b",
    method: "PUT",
  });
  assert.deepEqual(JSON.parse(await textOf("/direct/below/owner/name")), { rest: "owner/name" });
  assert.equal((await fetchSite("/direct/a/b")).status, 404);
});

Deno.test("A middleware may answer early, or change the answer after next()", async () => {
  assert.equal(await textOf("/early"), "early");
  assert.equal((await fetchSite("/api/named.json")).headers.get("x-protect"), "after");
  const file = await fetchSite("/hello.txt"); // the static files come later
  assert.equal(file.headers.get("x-protect"), "after");
  await file.body?.cancel();
});

Deno.test("A static file has a weak entity tag; who names it gets 304 without a body", async () => {
  const file = await fetchSite("/hello.txt");
  const tag = file.headers.get("etag")!;
  await file.body?.cancel();
  assert.match(tag, /^W\/"[0-9a-f]{16,}"$/);
  assert.match(file.headers.get("vary")!, /If-None-Match/i);
  const again = await fetchSite("/hello.txt", { headers: { "if-none-match": tag } });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
  const other = await fetchSite("/hello.txt", { headers: { "if-none-match": 'W/"0"' } });
  await other.body?.cancel();
  assert.equal(other.status, 200);
});

Deno.test("An error, a 404 too, arrives in a middleware as a rejected next()", async () => {
  for (const [path, status] of [["/api/throws", 500], ["/api/unknown", 404]] as const) {
    const response = await fetchSite(path);
    assert.deepEqual([response.status, await response.json()], [status, { error: status }]);
  }
});

Deno.test("Errors that nobody catches are plain text and tell no details", async () => {
  assert.deepEqual(await quietly("/throws?kind=forbidden"), [403, "Forbidden"]);
  assert.deepEqual(await quietly("/throws?kind=conflict"), [409, "said so"]);
  assert.deepEqual(await quietly("/no/such/page"), [404, "Not Found"]);
  assert.deepEqual(await quietly("/throws"), [500, "Internal server error"]);
});

Deno.test("A handler that returns nothing, and a function as an island's prop, are a 500", async () => {
  assert.equal((await quietly("/throws?kind=nothing"))[0], 500);
  assert.equal((await quietly("/function-prop"))[0], 500);
});

Deno.test("HttpError is an Error with a status and no message of its own", () => {
  const error = new HttpError(404);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.status, error.message], ["HttpError", 404, ""]);
});

Deno.test("asset() marks a path with the build's id", async () => {
  assert.match(asset("/styles.css"), /^\/styles\.css\?__frsh_c=\w+$/);
  assert.ok((await textOf("/plain")).includes(`href="${asset("/styles.css")}"`));
  assert.equal(asset("https://elsewhere.test/x"), "https://elsewhere.test/x");
});

Deno.test("A stream's first chunk arrives while the rest is still to come", async () => {
  const reader = (await fetchSite("/api/stream")).body!.getReader();
  const { value, done } = await reader.read();
  assert.deepEqual([new TextDecoder().decode(value), done], ["data: first\n\n", false]);
  await reader.cancel();
});

Deno.test("Islands and their server code know where they run", async () => {
  assert.equal(IS_BROWSER, false);
  assert.match(await textOf("/"), /<i>server<\/i>/);
});
