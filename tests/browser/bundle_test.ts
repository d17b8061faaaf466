// What the browser has to fetch. No browser needed.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { buildPage } from "./server.ts";

const LIMIT = 90_000; // bytes, gzip, all scripts of the page together

/** The page's scripts, every chunk included, by URL path. */
async function scriptsOf(url: string): Promise<Map<string, string>> {
  const page = await fetch(url);
  const html = await page.text();
  const open = [...`${page.headers.get("link")} ${html}`.matchAll(/\/[\w./-]+\.js(?!on)/g)].map(([path]) =>
    path
  );
  const scripts = new Map<string, string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (scripts.has(path)) continue;
    const response = await fetch(url + path);
    const code = await response.text();
    assert.equal(response.status, 200, path);
    scripts.set(path, code);
    for (const [, relative] of code.matchAll(/(?:from|import)\s*\(?"(\.{1,2}\/[^"]+)"/g)) {
      open.push(new URL(relative!, url + path).pathname);
    }
  }
  return scripts;
}

Deno.test("the page's scripts are small and hold nothing of the server", async () => {
  const start = await buildPage();
  const server = start();
  try {
    const scripts = await scriptsOf(server.url);
    assert.ok(
      [...scripts.keys()].some((path) => path.endsWith("islands/Explorer.js")),
      [...scripts.keys()].join(),
    );
    let total = 0;
    for (const [path, code] of scripts) {
      total += gzipSync(code).length;
      assert.doesNotMatch(code, /\bDeno\.|"node:|'node:/, path);
      assert.doesNotMatch(code, /dangerouslySetInnerHTML:/, path);
    }
    console.log(`Client code: ${(total / 1000).toFixed(1)} kB gzip in ${scripts.size} files.`);
    assert.ok(total <= LIMIT, `${total} bytes of client code are more than ${LIMIT}`);
  } finally {
    await server.close();
  }
});

Deno.test("the page's HTML has no inline style, and every inline script carries the nonce", async () => {
  const start = await buildPage();
  const server = start();
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
