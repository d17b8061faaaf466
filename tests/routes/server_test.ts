// What only a network shows: raw requests, bodies that never end, clients that hang up.
import assert from "node:assert/strict";
import { fakeNextToken } from "../fake_model.ts";
import { listen } from "../../lib/server/listen.ts";
import { fakeApp, raw, withServer } from "./fake_app.ts";
import { PATIENCE } from "../patience.ts";

const CLOSE = "Connection: close\r\n\r\n";

/** A hang is a failure. */

Deno.test(
  "raw Host headers: garbage and foreign ones are 403, none is 400, our own passes",
  PATIENCE,
  async () => {
    await withServer(fakeApp(), async ({ port }) => {
      const get = (host: string, target = "/api/models") =>
        raw(port, `GET ${target} HTTP/1.1\r\n${host}${CLOSE}`);
      assert.match(await get("Host: ex ample\r\n"), /^HTTP\/1\.1 403 [\s\S]*content-security-policy/i);
      assert.match(await get("Host: evil.test\r\n"), /^HTTP\/1\.1 403 /);
      assert.match(await get("Host: localhost\r\n", "http://evil.test/api/models"), /^HTTP\/1\.1 403 /);
      assert.match(
        await get(""),
        /^HTTP\/1\.1 400 [\s\S]*content-security-policy[\s\S]*header Host is missing/i,
      );
      assert.match(await get(`Host: 127.0.0.1:${port}\r\n`), /^HTTP\/1\.1 200 /);
    });
  },
);

Deno.test(
  "what is no request is refused with our headers; headers that do not come end the connection",
  PATIENCE,
  async () => {
    const server = await listen(() => assert.fail("asked"), "127.0.0.1", 0, { headersMs: 50 });
    try {
      const answers = {
        [`FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n`]: 400,
        [`CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n`]: 405,
        [`GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`]: 431,
        "GET / HTTP/1.1\r\nHost: lo": 408,
        "": 408,
      };
      for (const [sent, status] of Object.entries(answers)) {
        const answer = await raw(server.port, sent);
        assert.match(
          answer,
          new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*content-security-policy: default-src 'none'`),
        );
        const [, body = ""] = answer.split("\r\n\r\n");
        assert.equal(JSON.parse(body).code, status === 405 ? "method_not_allowed" : "invalid_request");
        assert.match(answer, new RegExp(`content-length: ${body.length}\r\n`));
      }
    } finally {
      await server.close(0);
    }
  },
);

Deno.test(
  "what another server may read otherwise is refused before the app, in our shape",
  PATIENCE,
  async () => {
    const server = await listen(() => assert.fail("asked"), "127.0.0.1", 0);
    const chunks = "5\r\nhello\r\n0\r\n\r\n";
    const ask = (first: string, headers: string, body = "") =>
      raw(server.port, `${first}\r\n${headers}${CLOSE}${body}`);
    const own = "Host: localhost\r\n";
    const coded = (coding: string) => `${own}Transfer-Encoding: ${coding}\r\n`;
    try {
      const answers: [answer: Promise<string>, status: number][] = [
        [ask("POST / HTTP/1.1", coded("gzip, chunked"), chunks), 501],
        [ask("POST / HTTP/1.1", coded("gzip") + "Transfer-Encoding: chunked\r\n", chunks), 501],
        [ask("POST / HTTP/1.1", coded("identity"), "hello"), 501],
        [ask("POST / HTTP/1.1", coded("") + "Content-Length: 5\r\n", "hello"), 501],
        [ask("POST / HTTP/1.1", coded("chunked") + "Content-Length: 5\r\n", chunks), 400],
        [ask("POST / HTTP/1.0", coded("chunked"), chunks), 400],
        [ask("POST / HTTP/1.1", own + "Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400],
        [ask("GET http://[::1 HTTP/1.1", own), 400],
        [ask("GET http:// HTTP/1.1", own), 400],
        [ask("GET ftp://localhost/ HTTP/1.1", own), 400],
        [ask("GET * HTTP/1.1", own), 400],
        [ask("GET http://[::1]:99999/ HTTP/1.1", own), 400],
        [ask("GET / HTTP/2.0", own), 505],
        [ask("GET / HTTP/1.1", own + own), 400],
        [ask("GET / HTTP/1.1", "Host: evil.test\r\n" + own), 400],
      ];
      for (const [asked, status] of answers) {
        const answer = await asked;
        assert.match(
          answer,
          new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*content-security-policy: default-src 'none'`),
        );
        assert.match(answer, /connection: close\r\n/i);
        assert.equal(JSON.parse(answer.split("\r\n\r\n")[1]!).code, "invalid_request");
      }
      assert.match(await ask("OPTIONS * HTTP/1.1", own), /^HTTP\/1\.1 204 [\s\S]*allow: GET, HEAD, POST/i);
    } finally {
      await server.close(0);
    }
  },
);

Deno.test(
  "a client that asks before it sends its body is told to go on where that is read, and else refused",
  PATIENCE,
  async () => {
    await withServer(fakeApp(), async ({ port }) => {
      const ask = (headers: string, body = "", path = "/api/next-token") =>
        raw(
          port,
          `POST ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n${headers}${CLOSE}${body}`,
        );
      const json = "Content-Type: application/json\r\n";
      const body = JSON.stringify({ text: "a" });
      assert.match(await ask(`${json}Content-Length: 99999999\r\n`), /^HTTP\/1\.1 413 /);
      assert.match(await ask("Content-Type: text/plain\r\nContent-Length: 5\r\n"), /^HTTP\/1\.1 415 /);
      assert.match(await ask(`${json}Content-Length: 5\r\n`, "", "/api/nothing"), /^HTTP\/1\.1 404 /);
      assert.match(
        await ask(`${json}Content-Length: ${body.length}\r\n`, body),
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
      );
    });
  },
);

Deno.test(
  "connections beyond the most are closed, and others are served when one of them has ended",
  PATIENCE,
  async () => {
    const server = await listen(() => new Response("served"), "127.0.0.1", 0, { mostConnections: 2 });
    const connect = () => Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const ask = () => raw(server.port, `GET / HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`).catch(() => "");
    try {
      const held = [await connect(), await connect()];
      const more = await Promise.all(Array.from({ length: 50 }, ask));
      assert.deepEqual(new Set(more), new Set([""]));
      held[0]!.close();
      while (!(await ask()).includes("served")) await new Promise((resolve) => setTimeout(resolve, 10));
      held[1]!.close();
    } finally {
      await server.close(0);
    }
  },
);

Deno.test(
  "a client that takes nothing of its answer is let go, and what was kept for it with it",
  PATIENCE,
  async () => {
    const left = Promise.withResolvers<void>();
    const part = new Uint8Array(64 * 1024);
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(part),
        cancel: () => left.resolve(),
      });
    const server = await listen(() => new Response(endless()), "127.0.0.1", 0, { takenMs: 10 });
    try {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      await left.promise;
      connection.close();
    } finally {
      await server.close(0);
    }
  },
);

Deno.test(
  "what is unreadable behind a request is refused behind its answer, never within it",
  PATIENCE,
  async () => {
    const sent = Promise.withResolvers<void>();
    const parts = () =>
      new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode("first"));
          await sent.promise;
          controller.enqueue(new TextEncoder().encode("last"));
          controller.close();
        },
      });
    const server = await listen(() => new Response(parts()), "127.0.0.1", 0);
    try {
      const answer = raw(server.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nBLAH\r\n\r\n");
      setTimeout(sent.resolve, 100); // by then the refusal stood between the parts
      assert.match(await answer, /^HTTP\/1\.1 200 [\s\S]*first\r\n4\r\nlast\r\n0\r\n\r\nHTTP\/1\.1 400 /);
    } finally {
      await server.close(0);
    }
  },
);

Deno.test(
  "an expectation that nothing knows is 417, in our shape; an answer of a broken app is 500, and the next is served",
  PATIENCE,
  async () => {
    let asked = 0;
    const broken = () => asked++ === 0 ? Promise.reject(new Error("secret detail")) : new Response("served");
    const server = await listen(broken, "127.0.0.1", 0);
    const get = (more: string) => raw(server.port, `GET / HTTP/1.1\r\nHost: localhost\r\n${more}${CLOSE}`);
    try {
      assert.match(
        await get("Expect: 200-ok\r\n"),
        /^HTTP\/1\.1 417 [\s\S]*content-security-policy[\s\S]*100-continue alone/i,
      );
      const failed = await get("");
      assert.match(failed, /^HTTP\/1\.1 500 [\s\S]*content-security-policy[\s\S]*Something went wrong here/i);
      assert.doesNotMatch(failed, /secret/);
      assert.match(await get(""), /^HTTP\/1\.1 200 [\s\S]*served/);
    } finally {
      await server.close(0);
    }
  },
);

Deno.test("a chunked body over the limit is 413 while it is still being sent", PATIENCE, async () => {
  const app = fakeApp();
  await withServer(app, async ({ url }) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        sent += 65536;
        controller.enqueue(new Uint8Array(65536).fill(32));
        if (sent > 4 * 1024 * 1024) controller.close();
      },
    });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/api/next-token`, { method: "POST", headers, body });
    assert.equal(response.status, 413);
    assert.equal((await response.json()).code, "body_too_large");
    assert.equal((await fetch(`${url}/api/models`)).status, 200);
  });
});

Deno.test("a client that waits for its answer before it sends a body gets it", PATIENCE, async () => {
  await withServer(fakeApp(), async ({ port }) => {
    const post = (more: string) =>
      raw(port, `POST /api/next-token HTTP/1.1\r\nHost: localhost\r\n${more}${CLOSE}`);
    const json = "Content-Type: application/json\r\n";
    assert.match(await post(`${json}Content-Length: 5000000\r\n`), /^HTTP\/1\.1 413 [\s\S]*body_too_large/);
    assert.match(await post("Content-Length: 20\r\n"), /^HTTP\/1\.1 415 [\s\S]*unsupported_media_type/);
  });
});

Deno.test("a client whose body trickles in is answered where no route reads it", PATIENCE, async () => {
  const server = await listen(() => new Response("no"), "127.0.0.1", 0, { dropMs: 100 });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const send = (text: string) => connection.write(new TextEncoder().encode(text)).catch(() => {});
  await send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
  const trickle = setInterval(() => send(" "), 20);
  try {
    const read = new Uint8Array(1000);
    const count = await connection.read(read);
    assert.match(new TextDecoder().decode(read.subarray(0, count ?? 0)), /^HTTP\/1\.1 200 /);
  } finally {
    clearInterval(trickle);
    connection.close();
    await server.close(0);
  }
});

for (const size of [1, 4000, 400_000]) {
  const title =
    `a client that hangs up aborts its job (${size} characters sent); one that got its answer does not`;
  Deno.test(title, PATIENCE, () => hangUp(size));
}

async function hangUp(size: number): Promise<void> {
  const ok = { ...fakeNextToken({ text: "a", ids: null, top_k: 10, temperature: 1 }) };
  const app = fakeApp({ answer: () => ok });
  await withServer(app, async ({ url }) => {
    const post = (signal?: AbortSignal) =>
      fetch(`${url}/api/next-token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: "a".repeat(size) }),
        ...(signal && { signal }),
      });
    assert.equal((await (await post()).json()).candidates.length, 10);
    app.engine.hold();
    const leave = new AbortController();
    const answer = post(leave.signal).then(() => "answered", () => "given up");
    await app.engine.submitted(2);
    leave.abort();
    assert.equal(await answer, "given up");
    const [answered, left] = app.engine.submits;
    while (!left!.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(answered!.signal.aborted, false);
  });
}
