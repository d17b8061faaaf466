import assert from "node:assert/strict";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";

Deno.test("The development server builds again when a page is asked for after a change", async () => {
  const root = await Deno.makeTempDir();
  const stop = new AbortController();
  try {
    await Deno.mkdir(`${root}/routes`);
    await Deno.mkdir(`${root}/static`);
    await Deno.writeTextFile(`${root}/routes/index.ts`, `export const handler = () => new Response("page");`);
    await Deno.writeTextFile(`${root}/static/old.txt`, "old");
    const app = new App<unknown>().use(staticFiles()).fsRoutes();
    const listening = Promise.withResolvers<Deno.NetAddr>();
    await new Builder<unknown>({ root }).listen(() => Promise.resolve({ app }), {
      hostname: "127.0.0.1",
      port: 0,
      signal: stop.signal,
      onListen: listening.resolve,
    });
    const { port } = await listening.promise;
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      return [response.status, await response.text(), response.headers.get("etag")];
    };
    assert.deepEqual(await get("/old.txt"), [200, "old", null]);
    await Deno.writeTextFile(`${root}/static/new.txt`, "new");
    assert.equal((await get("/new.txt"))[0], 404);
    assert.deepEqual(await get("/", { accept: "text/html" }), [200, "page", null]);
    assert.deepEqual(await get("/new.txt"), [200, "new", null]);
    assert.equal(app.config.mode, "development");
  } finally {
    stop.abort();
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("A kind of route file that the stand-in does not support is named, not half-done", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/routes`);
    await Deno.writeTextFile(`${root}/routes/_layout.ts`, `export default () => null;`);
    const install = await new Builder<unknown>({ root }).build({ snapshot: "memory" });
    const app = new App<unknown>().fsRoutes();
    install(app);
    assert.throws(() => app.handler(), /Expected a route file but found _layout\.ts/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("An island that does not build is an error with its file", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/islands`);
    await Deno.writeTextFile(`${root}/islands/Broken.ts`, `export default function ( {`);
    await assert.rejects(
      new Builder<unknown>({ root }).build({ snapshot: "memory" }),
      /The islands do not build: [^]*Broken\.ts:1/,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
