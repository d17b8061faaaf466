import assert from "node:assert/strict";
import { checkHost, checkOrigin, isApiPath } from "../../../lib/api/http/guards.ts";
import { faultOf } from "../../../lib/fault.ts";

const RULES = { host: "127.0.0.1", allowedHosts: [], allowedOrigins: [] };

function hostVerdict(host: string | null, rules = {}, url = "http://localhost:5005/"): string {
  const headers = new Headers(host === null ? {} : { host });
  return verdict(() => checkHost(new Request(url, { headers }), { ...RULES, ...rules }));
}

function originVerdict(
  origin: string | null,
  { method = "POST", path = "/api/next-token", host = "localhost:5005", rules = {} } = {},
): string {
  const headers = new Headers({ host, ...(origin === null ? {} : { origin }) });
  const request = new Request("http://localhost:5005" + path, { method, headers });
  return verdict(() => checkOrigin(request, path, { ...RULES, ...rules }));
}

function verdict(check: () => unknown): string {
  try {
    return String(check() ?? "passes");
  } catch (error) {
    return faultOf(error)?.code ?? String(error);
  }
}

Deno.test("this machine's own names pass, whatever the port and the case", () => {
  const hosts = [
    "localhost",
    "localhost:5005",
    "LocalHost:9",
    "127.0.0.1:5005",
    "[::1]:5005",
    "[::1]",
    "127.1:80",
  ];
  for (const host of [...hosts, null]) assert.equal(hostVerdict(host), "passes", String(host));
});

Deno.test("other names, and what is no name, are refused", () => {
  const hosts = [
    "evil.test",
    "evil.test:5005",
    "localhost.evil.test",
    "localhost.",
    "evil.test#@localhost",
    "user@localhost",
    "localhost/evil",
    "localhost\\evil",
    "localhost, evil.test",
    "ex ample",
    "localhost:99999",
    "192.168.1.5:5005",
    "[::2]:5005",
    "0.0.0.0:5005",
    "",
  ];
  for (const host of hosts) assert.equal(hostVerdict(host), "host_not_allowed", host);
});

Deno.test("the host in an absolute-form request line counts as well", () => {
  assert.equal(hostVerdict("localhost:5005", {}, "http://evil.test/"), "host_not_allowed");
  assert.equal(hostVerdict(null, {}, "http://evil.test/"), "host_not_allowed");
});

Deno.test("HOST and NEXTTOKEN_ALLOWED_HOSTS open further names", () => {
  assert.equal(hostVerdict("class.local:5005", { host: "class.local" }), "passes");
  assert.equal(hostVerdict("[fe80::1]:5005", { host: "fe80::1" }), "passes");
  assert.equal(hostVerdict("192.168.1.5:5005", { allowedHosts: ["192.168.1.5"] }), "passes");
  assert.equal(hostVerdict("a.b:5005", { allowedHosts: ["a.b:5005"] }), "passes");
  assert.equal(hostVerdict("a.b:5006", { allowedHosts: ["a.b:5005"] }), "host_not_allowed");
  assert.equal(hostVerdict("a.b", { allowedHosts: ["a.b:80"] }), "passes");
  assert.equal(hostVerdict("[fd00::5]:80", { allowedHosts: ["[fd00::5]"] }), "passes");
  assert.equal(hostVerdict("anything.test:1", { allowedHosts: ["*"] }), "passes");
  assert.equal(hostVerdict("any thing", { allowedHosts: ["*"] }), "host_not_allowed");
});

Deno.test("no Origin, and our own, pass", () => {
  assert.equal(originVerdict(null), "passes");
  assert.equal(originVerdict("http://localhost:5005"), "passes");
  assert.equal(originVerdict("http://LOCALHOST:5005", { host: "LocalHost:5005" }), "passes");
  assert.equal(originVerdict("https://demo.test", { host: "demo.test" }), "passes"); // behind a TLS proxy
  assert.equal(originVerdict("http://demo.test", { host: "demo.test:80" }), "passes");
});

Deno.test("foreign origins may only GET the page", () => {
  const foreign = [
    "http://evil.test",
    "http://localhost:3000",
    "http://127.0.0.1:5005", // another name than the Host
    "http://localhost",
    "null",
    "nonsense",
    "file://localhost:5005",
    "chrome-extension://localhost:5005",
    "",
  ];
  for (const origin of foreign) {
    for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
      assert.equal(originVerdict(origin, { method }), "origin_not_allowed", `${method} /api ${origin}`);
    }
    assert.equal(originVerdict(origin, { method: "POST", path: "/" }), "origin_not_allowed", origin);
    assert.equal(originVerdict(origin, { method: "GET", path: "/" }), "passes", origin);
    assert.equal(originVerdict(origin, { method: "HEAD", path: "/styles.css" }), "passes", origin);
  }
});

Deno.test("NEXTTOKEN_ALLOWED_ORIGINS opens the API to exact origins, null and * by name only", () => {
  const rules = { allowedOrigins: ["http://localhost:3000", "null"] };
  assert.equal(originVerdict("http://localhost:3000", { rules }), "http://localhost:3000");
  assert.equal(originVerdict("null", { rules }), "null");
  assert.equal(originVerdict("http://localhost:3001", { rules }), "origin_not_allowed");
  assert.equal(originVerdict("http://any.test", { rules: { allowedOrigins: ["*"] } }), "http://any.test");
});

Deno.test("the API is /api and what is below it", () => {
  assert.deepEqual(["/api", "/api/", "/api/x", "/apis", "/", "/x/api"].map(isApiPath), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
