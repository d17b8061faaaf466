import assert from "node:assert/strict";
import { addressOf, clientOf } from "../../../lib/api/http/client.ts";

const NGINX = "127.0.0.1";

function asking(headers: Record<string, string>, { from = NGINX, trustProxy = true } = {}) {
  const remoteAddr: Deno.Addr = { transport: "tcp", hostname: from, port: 40000 };
  return { req: { headers: new Headers(headers) }, info: { remoteAddr }, state: { config: { trustProxy } } };
}

const from = (named: string, options = {}) => addressOf(asking({ "x-forwarded-for": named }, options));

Deno.test("behind a trusted proxy a request comes from the nearest address that is another computer's", () => {
  assert.equal(from("192.168.1.9"), "192.168.1.9");
  assert.equal(from("127.0.0.1"), NGINX);
  assert.equal(from("::1, 127.0.0.1"), NGINX);
  assert.equal(from("127.0.0.1, 192.168.1.9"), "192.168.1.9"); // the first one is the client's own invention
  assert.equal(from("10.0.0.1, 192.168.1.9"), "192.168.1.9");
  assert.equal(from("192.168.1.9, 127.0.0.1"), "192.168.1.9"); // of two proxies here
  assert.equal(from("[2001:db8::7]:4711"), "2001:db8::7");
  assert.equal(from("[::1]:80"), NGINX);
  assert.equal(from("192.168.1.9:4711"), "192.168.1.9");
  assert.equal(from("2001:db8::7"), "2001:db8::7");
  assert.equal(from("unknown"), "unknown");
  assert.equal(from(""), "");
  // Another computer that asks directly says nothing of itself by it.
  assert.equal(from("127.0.0.1", { from: "192.168.1.9" }), "192.168.1.9");
});

Deno.test("where no proxy is trusted, or it does not say for whom, a request that one passed on is from nowhere", () => {
  assert.equal(from("127.0.0.1", { trustProxy: false }), null);
  const headers = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-prefix",
  ];
  for (const name of headers) {
    for (const trustProxy of [false, true]) {
      assert.equal(addressOf(asking({ [name]: "127.0.0.1" }, { trustProxy })), null, name);
    }
    assert.equal(addressOf(asking({ [name]: "x" }, { from: "192.168.1.9" })), "192.168.1.9", name);
  }
  assert.equal(addressOf(asking({ host: "localhost", "x-nexttoken-client": "a" })), NGINX);
});

Deno.test("clients wait by the page that they name, else by their address, of a proxy's by the client's", () => {
  const page = { "x-nexttoken-client": "a.b:1", "x-forwarded-for": "192.168.1.9" };
  assert.deepEqual(clientOf(asking(page)), { client: "page a.b:1", replaces: true });
  const odd = { "x-nexttoken-client": "a b", "x-forwarded-for": "192.168.1.9" };
  assert.deepEqual(clientOf(asking(odd)), { client: "address 192.168.1.9", replaces: false });
  assert.equal(clientOf(asking(odd, { trustProxy: false })).client, `address ${NGINX}`);
});
