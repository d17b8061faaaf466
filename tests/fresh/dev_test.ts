import assert from "node:assert/strict";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";

/** A root with these files, removed afterwards. */
async function withSite(files: Record<string, string>, test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${root}/${path.replace(/\/[^/]*$/, "")}`, { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("The development server serves, and marks nothing to be kept for ever", async () => {
  const route = `export const handler = () => new Response("page");`;
  await withSite({ "routes/index.ts": route, "static/a.txt": "a" }, async (root) => {
    const stop = new AbortController();
    const app = new App<unknown>().use(staticFiles()).fsRoutes();
    const listening = Promise.withResolvers<Deno.NetAddr>();
    await new Builder<unknown>({ root }).listen(() => Promise.resolve({ app }), {
      hostname: "127.0.0.1",
      port: 0,
      signal: stop.signal,
      onListen: listening.resolve,
    });
    const url = `http://127.0.0.1:${(await listening.promise).port}`;
    assert.equal(await (await fetch(url)).text(), "page");
    const file = await fetch(`${url}/a.txt`);
    assert.deepEqual([file.headers.get("cache-control")?.includes("no-store"), await file.text()], [
      true,
      "a",
    ]);
    stop.abort();
  });
});

const NOTHING = "export default () => null;";
const REFUSED: Record<string, string> = {
  "_layout.ts": NOTHING,
  "api/_middleware.ts": NOTHING,
  "items/[id]-x.ts": NOTHING,
  "items/[[id]].ts": NOTHING,
  "(group)/page.ts": NOTHING,
  "object.ts": "export const handler = { GET: () => new Response() };",
  "several.ts": "export const handlers = () => new Response();",
  "both.ts": `${NOTHING} export const handler = () => new Response();`,
  "neither.ts": "export const other = 1;",
  "configured.ts": `${NOTHING} export const config = {};`,
  "async.ts": "export default async () => null;",
};

for (const [path, source] of Object.entries(REFUSED)) {
  Deno.test(`The route file ${path}, which Fresh knows, is refused by name`, async () => {
    await withSite({ [`routes/${path}`]: source }, async (root) => {
      const install = await new Builder<unknown>({ root }).build({ snapshot: "memory" });
      const app = new App<unknown>().fsRoutes();
      install(app);
      assert.throws(() => app.handler(), (error: Error) => error.message.includes(path));
    });
  });
}

Deno.test("An island that does not build is an error with its file", async () => {
  await withSite({ "islands/Broken.ts": "export default function ( {" }, async (root) => {
    const build = new Builder<unknown>({ root }).build({ snapshot: "memory" });
    await assert.rejects(build, /The islands do not build: [^]*Broken\.ts:1/);
  });
});

Deno.test("A second function in an island's file is refused: Fresh would take it for an island", async () => {
  await withSite({ "islands/Two.ts": `${NOTHING} export function helper() {}` }, async (root) => {
    const install = await new Builder<unknown>({ root }).build({ snapshot: "memory" });
    assert.throws(() => install(new App<unknown>()), /Expected the island Two to export one function/);
  });
});

Deno.test("A middleware behind the routes is refused: it would not reach them", () => {
  assert.throws(
    () => new App<unknown>().fsRoutes().use(staticFiles()),
    /Expected every use\(\) before fsRoutes\(\)/,
  );
});
