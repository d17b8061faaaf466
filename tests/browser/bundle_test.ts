// What the browser has to fetch. No browser needed.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { buildPage } from "./server.ts";

const LIMIT = 90_000; // bytes, gzip, all scripts of the first view together

const STATIC = /(?:\bfrom|\bimport)\s*"(\.{1,2}\/[^"]+)"/g;
const LATER = /\bimport\s*\(\s*"(\.{1,2}\/[^"]+)"/g;

interface Scripts {
  /** What the page fetches before it works, by URL path. */
  readonly first: Map<string, string>;
  /** What it fetches when a part is opened. */
  readonly later: Map<string, string>;
}

/** The page's scripts, every chunk included. */
async function scriptsOf(url: string): Promise<Scripts> {
  const page = await fetch(url);
  const html = await page.text();
  const entries = [...`${page.headers.get("link")} ${html}`.matchAll(/\/[\w./-]+\.js(?!on)/g)];
  const first = await reached(url, entries.map(([path]) => path), [STATIC], new Map());
  const opened = [...first].flatMap(([path, code]) => importsOf(url + path, code, LATER));
  const later = await reached(url, opened, [STATIC, LATER], first);
  return { first, later };
}

function importsOf(address: string, code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, relative]) => new URL(relative!, address).pathname);
}

/** Every script that `paths` reach by imports of these kinds, without those that are known. */
async function reached(
  url: string,
  paths: readonly string[],
  patterns: readonly RegExp[],
  known: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const scripts = new Map<string, string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (scripts.has(path) || known.has(path)) continue;
    const response = await fetch(url + path);
    const code = await response.text();
    assert.equal(response.status, 200, path);
    scripts.set(path, code);
    for (const pattern of patterns) open.push(...importsOf(url + path, code, pattern));
  }
  return scripts;
}

function gzipped(scripts: ReadonlyMap<string, string>): number {
  return [...scripts.values()].reduce((sum, code) => sum + gzipSync(code).length, 0);
}

Deno.test("the page's scripts are small and hold nothing of the server", async () => {
  const start = await buildPage();
  const server = await start();
  try {
    const { first, later } = await scriptsOf(server.url);
    const paths = [...first.keys()];
    assert.ok(paths.some((path) => path.endsWith("islands/Explorer.js")), paths.join());
    assert.ok(later.size > 0, "no part is loaded later");
    for (const [path, code] of [...first, ...later]) {
      assert.doesNotMatch(code, /\bDeno\.|"node:|'node:/, path);
      assert.doesNotMatch(code, /dangerouslySetInnerHTML:/, path);
      assert.doesNotMatch(code, /\bWebAssembly\b/, `${path} has lib/vector in it, which Safari cannot run`);
      assert.doesNotMatch(
        code,
        /\bZodError\b|Expected a stage to keep/,
        `${path} has zod or a stage's formula in it`,
      );
    }
    const total = gzipped(first);
    console.log(
      `Client code: ${(total / 1000).toFixed(1)} kB gzip in ${first.size} files for the first view, ` +
        `${(gzipped(later) / 1000).toFixed(1)} kB in ${later.size} files when parts are opened.`,
    );
    assert.ok(total <= LIMIT, `${total} bytes of client code are more than ${LIMIT}`);
  } finally {
    await server.close();
  }
});

Deno.test("the page's HTML has no inline style, and every inline script carries the nonce", async () => {
  const start = await buildPage();
  const server = await start();
  try {
    const response = await fetch(server.url);
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe-inline/);
    assert.doesNotMatch(html, /\sstyle=|<style/);
    for (const [tag, attributes] of html.matchAll(/<script\b([^>]*)>/g)) {
      if (/type="application\/json"/.test(attributes!)) continue;
      const nonce = /nonce="([^"]+)"/.exec(attributes!)?.[1];
      assert.ok(nonce !== undefined && policy.includes(`'nonce-${nonce}'`), tag);
    }
    for (const [, path] of html.matchAll(/<link rel="(?:stylesheet|icon)" href="([^"]+)"/g)) {
      const sheet = await fetch(server.url + path!.replaceAll("&amp;", "&"));
      assert.equal(sheet.status, 200, path);
      await sheet.body?.cancel();
    }
  } finally {
    await server.close();
  }
});
