// What this app relies on in Fresh's islands, static files and builds. Imports nothing but Fresh's public API: see
// fresh_contract_test.ts.
import assert from "node:assert/strict";
import { asset } from "fresh/runtime";
import { builderOf, openSite, ORIGIN } from "./fresh_site.ts";

const { fetchSite, textOf } = await openSite();

interface Boot {
  script: string;
  nonce: string;
  /** URL paths of the modules that the script imports. */
  imports: string[];
}

function bootOf(html: string): Boot {
  const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  const modules = scripts.filter(([, attributes]) => attributes!.includes('type="module"'));
  assert.equal(modules.length, 1, `Expected one module script but found ${modules.length}`);
  const [, attributes, script] = modules[0]!;
  const nonce = /nonce="([^"]+)"/.exec(attributes!)?.[1] ?? "";
  return {
    script: script!,
    nonce,
    imports: [...script!.matchAll(/from\s*"([^"]+)"/g)].map((match) => match[1]!),
  };
}

const isImmutable = (response: Response) =>
  response.headers.get("cache-control") === "public, max-age=31536000, immutable";

Deno.test("Islands are rendered between marker comments, whatever their export; inner ones are plain", async () => {
  const html = await textOf("/");
  const markers = [...html.matchAll(/<!--frsh:island:(\w+):(\d+):/g)].map((match) =>
    `${match[1]} ${match[2]}`
  );
  assert.deepEqual(markers, ["Counter 0", "Counter 1", "Label 2"]);
  assert.equal(html.match(/<!--\/frsh:island-->/g)?.length, 3);
  assert.match(html, /<button type="button">7<\/button>/);
  assert.match(await textOf("/lazy"), /<!--frsh:island:lazy_host:0:/);
});

Deno.test("The boot script imports every island's chunk once, and cannot be ended by a prop", async () => {
  const html = await textOf("/");
  const { imports, script } = bootOf(html);
  assert.equal(html.match(/<\/script/g)?.length, 1);
  assert.match(script, /boot\(/);
  for (const path of imports) {
    assert.match(path, /^\/_fresh\/js\/\w+\//);
    const chunk = await fetchSite(path);
    assert.equal(chunk.status, 200);
    assert.match(chunk.headers.get("content-type")!, /^(text|application)\/javascript/);
    assert.ok(isImmutable(chunk));
    await chunk.body?.cancel();
  }
});

Deno.test("The page announces its chunks, and a page without islands has no script", async () => {
  const response = await fetchSite("/");
  const link = response.headers.get("link") ?? "";
  for (const path of bootOf(await response.text()).imports) {
    assert.ok(link.includes(`<${path}>; rel="modulepreload"`), `${path} is not announced`);
  }
  const plain = await fetchSite("/plain");
  assert.equal(plain.headers.get("link"), null);
  assert.doesNotMatch(await plain.text(), /<script/);
});

Deno.test("The response tells a middleware the nonce of the boot script and of the page's own scripts", async () => {
  const response = await fetchSite("/script");
  const html = await response.text();
  const told = Reflect.get(response, Symbol.for("__freshNonce")) ?? response.headers.get("x-fresh-nonce");
  const { nonce } = bootOf(html);
  assert.match(nonce, /^[\w+/=-]{16,}$/);
  assert.equal(told, nonce);
  assert.match(/<script[^>]*id="own"[^>]*>/.exec(html)![0], new RegExp(`nonce="${nonce}"`));
  assert.notEqual(bootOf(await textOf("/script")).nonce, nonce);
});

Deno.test("Nothing that is rendered has an inline style or handler", async () => {
  for (const path of ["/", "/plain", "/throws?kind=teapot", "/lazy"]) {
    assert.doesNotMatch(await textOf(path), /<style| style="| on\w+="/);
  }
});

Deno.test("A function as a prop is a 500 that says so", async () => {
  const { error } = console;
  console.error = () => {};
  const response = await fetchSite("/function-prop");
  console.error = error;
  assert.equal(response.status, 500);
  assert.match(await response.text(), /500 Serializing functions is not supported\./);
});

Deno.test("import() inside an island is a chunk of its own", async () => {
  const { imports } = bootOf(await textOf("/lazy"));
  const sources = await Promise.all(imports.map(async (path) => ({ path, source: await textOf(path) })));
  assert.ok(sources.every(({ source }) => !source.includes("the lazily loaded panel")));
  const lazy = sources.flatMap(({ path, source }) =>
    [...source.matchAll(/import\("([^"]+)"\)/g)].map((match) => new URL(match[1]!, ORIGIN + path).pathname)
  );
  assert.equal(lazy.length, 1);
  assert.match(await textOf(lazy[0]!), /the lazily loaded panel/);
});

Deno.test("Browser code is told from server code", async () => {
  for (const path of bootOf(await textOf("/")).imports) {
    assert.doesNotMatch(await textOf(path), /from\s*"node:|\bDeno\./);
  }
});

Deno.test("Static files are served with their type, uncached unless marked with the build's id", async () => {
  const plain = await fetchSite("/hello.txt");
  assert.match(plain.headers.get("content-type")!, /^text\/plain/);
  assert.equal(plain.headers.get("content-length"), "11");
  assert.equal(plain.headers.get("cache-control"), "no-cache, no-store, max-age=0, must-revalidate");
  assert.equal(await plain.text(), "plain text\n");
  const marked = await fetchSite(asset("/hello.txt"));
  assert.ok(isImmutable(marked));
  await marked.body?.cancel();
  const old = await fetchSite("/hello.txt?__frsh_c=old&x=1");
  assert.deepEqual([old.status, old.headers.get("location")], [307, "/hello.txt?x=1"]);
});

Deno.test("Static files answer HEAD without a body, and refuse other methods", async () => {
  const head = await fetchSite("/logo.svg", { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("content-type"), head.body], [200, "image/svg+xml", null]);
  assert.equal((await fetchSite("/logo.svg", { method: "POST" })).status, 405);
});

Deno.test("Paths that name no file go on to the routes, and none leaves the folder", async () => {
  assert.equal((await fetchSite("/favicon.ico")).status, 404);
  assert.equal((await fetchSite("/%2e%2e/main.ts")).status, 404);
  assert.equal((await fetchSite("/..%2fmain.ts")).status, 404);
  assert.equal((await fetchSite("/missing.txt")).status, 404);
});

Deno.test("Chunks have an ETag, and a client that holds one gets 304", async () => {
  const [path] = bootOf(await textOf("/")).imports;
  const etag = (await fetchSite(path!, { method: "HEAD" })).headers.get("etag");
  assert.match(etag!, /^W\/"[^"]+"$/);
  const again = await fetchSite(path!, { headers: { "if-none-match": etag! } });
  assert.deepEqual([again.status, again.body], [304, null]);
});

Deno.test("Stylesheets mark the files they name; data URLs stay", async () => {
  const css = await textOf("/styles.css");
  assert.ok(css.includes(`url("${asset("/fonts/fixture.woff2")}")`), css);
  assert.match(css, /url\("?data:image\/png;base64,AAAA"?\)/);
  const font = await fetchSite(asset("/fonts/fixture.woff2"));
  assert.ok(isImmutable(font));
  assert.equal(font.headers.get("content-type"), "font/woff2");
  await font.body?.cancel();
});

Deno.test("A build on disk serves the same site from its server.js, without dot-files", async () => {
  const outDir = await Deno.makeTempDir();
  try {
    await builderOf(outDir).build();
    const { default: server } = await import(`file://${outDir}/server.js`);
    const get = (path: string): Promise<Response> => server.fetch(new Request(ORIGIN + path));
    const html = await (await get("/")).text();
    assert.match(html, /<!--frsh:island:Counter:0:/);
    for (const path of [...bootOf(html).imports, "/hello.txt", "/items/7"]) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      await response.text();
    }
    assert.match((await get("/hello.txt")).headers.get("etag")!, /^W\/"[0-9a-f]{64}"$/);
    assert.equal((await get("/.hidden")).status, 404);
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

Deno.test("The configuration for Fresh itself differs from the other only in where fresh comes from", async () => {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(new URL(`../${name}`, import.meta.url)));
  const [own, real] = [await read("deno.json"), await read("deno.fresh.json")];
  const others = (imports: Record<string, string>) =>
    Object.fromEntries(Object.entries(imports).filter(([key]) => !/^fresh(\/|$)/.test(key)));
  assert.deepEqual(others(real.imports), others(own.imports));
  assert.deepEqual(real.compilerOptions, own.compilerOptions);
  assert.deepEqual(real.unstable, own.unstable);
});
