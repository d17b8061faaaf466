// What this app relies on in Fresh's islands, static files and builds. Imports nothing but Fresh's public API: see
// fresh_contract_test.ts.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { asset } from "fresh/runtime";
import { builderOf, fetchSite, ORIGIN, textOf } from "./site.ts";

const outDir = await Deno.makeTempDir();
await builderOf(outDir).build();

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

Deno.test("Islands are rendered between marker comments; inner ones are plain", async () => {
  const html = await textOf("/");
  const markers = [...html.matchAll(/<!--frsh:island:(\w+):(\d+):/g)].map((match) =>
    `${match[1]} ${match[2]}`
  );
  assert.deepEqual(markers, ["Counter 0", "Counter 1"]);
  assert.equal(html.match(/<!--\/frsh:island-->/g)?.length, 2);
  assert.match(html, /<button type="button">7<\/button>/);
  assert.match(await textOf("/lazy"), /<!--frsh:island:lazy_host:0:/);
});

Deno.test("The boot script imports the islands' chunks, and cannot be ended by a prop", async () => {
  const html = await textOf("/");
  const { imports, script } = bootOf(html);
  assert.equal(html.match(/<\/script/g)?.length, 2); // theme.js is the other
  assert.match(script, /boot\(/);
  for (const path of imports) {
    assert.match(path, /^\/_fresh\/js\/\w+\//);
    const chunk = await fetchSite(path);
    assert.equal(chunk.status, 200);
    assert.match(chunk.headers.get("content-type")!, /^(text|application)\/javascript/);
    assert.ok(isImmutable(chunk));
    assert.doesNotMatch(await chunk.text(), /from\s*"node:|\bDeno\.serve/);
  }
});

Deno.test("A page without islands has no module script", async () => {
  assert.doesNotMatch(await textOf("/plain"), /type="module"/);
});

Deno.test("A middleware finds the nonce of the boot script and of the page's own scripts on the response", async () => {
  const response = await fetchSite("/script");
  const html = await response.text();
  const told = Reflect.get(response, Symbol.for("__freshNonce")) ?? response.headers.get("x-fresh-nonce");
  const { nonce } = bootOf(html);
  assert.match(nonce, /^[\w+/=-]{16,}$/);
  assert.equal(told, nonce);
  assert.ok(/<script[^>]*id="own"[^>]*>/.exec(html)![0].includes(`nonce="${nonce}"`));
  assert.ok(/<script[^>]*theme\.js[^>]*>/.exec(html)![0].includes('nonce="of-the-site"'));
  assert.notEqual(bootOf(await textOf("/script")).nonce, nonce);
});

Deno.test("Nothing that is rendered has an inline style or handler", async () => {
  for (const path of ["/", "/plain", "/lazy"]) {
    assert.doesNotMatch(await textOf(path), /<style| style="| on\w+="/);
  }
});

/** The source of every module that is loaded with the page, by URL path. */
async function loadedWith(html: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const open = bootOf(html).imports;
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (sources.has(path)) continue;
    const source = await textOf(path);
    sources.set(path, source);
    for (const [, from] of source.matchAll(/(?:\bfrom|\bimport)\s*"([^"]+)"/g)) {
      open.push(new URL(from!, ORIGIN + path).pathname);
    }
  }
  return sources;
}

Deno.test("import() inside an island is a chunk of its own", async () => {
  const sources = [...await loadedWith(await textOf("/lazy"))];
  assert.ok(sources.every(([, source]) => !source.includes("the lazily loaded panel")));
  const lazy = sources.flatMap(([path, source]) =>
    [...source.matchAll(/\bimport\("([^"]+)"\)/g)].map((match) => new URL(match[1]!, ORIGIN + path).pathname)
  );
  assert.equal(lazy.length, 1);
  assert.match(await textOf(lazy[0]!), /the lazily loaded panel/);
});

Deno.test("Static files are served with their type, uncached unless marked with the build's id", async () => {
  const plain = await fetchSite("/hello.txt");
  assert.match(plain.headers.get("content-type")!, /^text\/plain/);
  assert.equal(plain.headers.get("content-length"), "11");
  assert.equal(plain.headers.get("cache-control"), "no-cache, no-store, max-age=0, must-revalidate");
  assert.equal(await plain.text(), "plain text\n");
  const marked = await fetchSite(asset("/logo.svg"));
  assert.ok(isImmutable(marked));
  assert.equal(marked.headers.get("content-type"), "image/svg+xml");
  await marked.body?.cancel();
});

Deno.test("Static files refuse methods but GET and HEAD; paths that name no file go on", async () => {
  assert.equal((await fetchSite("/logo.svg", { method: "POST" })).status, 405);
  assert.equal((await fetchSite("/favicon.ico")).status, 404);
  assert.equal((await fetchSite("/%2e%2e/main.ts")).status, 404);
  assert.equal((await fetchSite("/missing.txt")).status, 404);
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

Deno.test("A build on disk gives the app its routes when server.js is imported, without dot-files", async () => {
  try {
    const { default: server } = await import(pathToFileURL(`${outDir}/server.js`).href);
    const { app } = await import("../fixtures/fresh_site/main.ts");
    for (const handler of [server.fetch, app.handler()]) {
      const get = (path: string): Promise<Response> => handler(new Request(ORIGIN + path));
      const html = await (await get("/")).text();
      assert.match(html, /<!--frsh:island:Counter:0:/);
      for (const path of [...bootOf(html).imports, "/hello.txt", "/api/named.json"]) {
        const response = await get(path);
        assert.equal(response.status, 200, path);
        await response.text();
      }
      assert.equal((await get("/.hidden")).status, 404);
    }
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

Deno.test("The configuration for Fresh itself differs from the other only in where fresh comes from", async () => {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(new URL(`../../${name}`, import.meta.url)));
  const [own, real] = [await read("deno.json"), await read("deno.fresh.json")];
  const others = (imports: Record<string, string>) =>
    Object.fromEntries(Object.entries(imports).filter(([key]) => !/^fresh(\/|$)/.test(key)));
  assert.deepEqual(others(real.imports), others(own.imports));
  assert.deepEqual(real.compilerOptions, own.compilerOptions);
  assert.deepEqual(real.unstable, own.unstable);
});
