// Clients that have said all they have to say: those that still read, those that are gone, and those whose body ends in
// something unreadable.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../../lib/server/listen.ts";
import { readJson } from "../../lib/api/http/body.ts";
import { PAGE_PATIENCE_MS } from "../patience.ts";

const REQUEST = "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const WHOLE = `${REQUEST}Content-Length: 2\r\n\r\n{}`;

/** A server whose answer comes when the test lets it, or when the client is gone. */
async function withServer(
  work: (
    server: { port: number; answer: () => void; asked: Promise<Request>; gone: Promise<void> },
  ) => Promise<void>,
): Promise<void> {
  const asked = Promise.withResolvers<Request>();
  const answered = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const server = await listen(
    async (request) => {
      await readJson(request);
      request.signal.addEventListener("abort", () => gone.resolve());
      asked.resolve(request);
      await Promise.race([answered.promise, gone.promise]);
      return Response.json({ answer: 1 });
    },
    "127.0.0.1",
    0,
  );
  try {
    await work({ port: server.port, answer: answered.resolve, asked: asked.promise, gone: gone.promise });
  } finally {
    answered.resolve();
    await server.close(0);
  }
}

async function send(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

async function readAll(connection: Deno.TcpConn): Promise<string> {
  return await new Response(connection.readable).text();
}

Deno.test("a client that has closed its own side is answered", async () => {
  await withServer(async ({ port, answer, asked }) => {
    const connection = await send(port, WHOLE);
    await asked;
    await connection.closeWrite();
    // The word on the way says that the server has seen it.
    const first = new Uint8Array(100);
    const read = new TextDecoder().decode(first.subarray(0, (await connection.read(first))!));
    assert.match(read, /^HTTP\/1\.1 102 /);
    answer();
    assert.match(await readAll(connection), /^HTTP\/1\.1 200 [\s\S]*\{"answer":1\}/);
  });
});

Deno.test("a client that is gone ends the work, and one by HTTP/1.0 that closed its own side too", async () => {
  for (
    const [text, close] of [
      [WHOLE, (connection: Deno.TcpConn) => Promise.resolve(connection.close())],
      [WHOLE.replace("1.1", "1.0"), (connection: Deno.TcpConn) => connection.closeWrite()],
    ] as const
  ) {
    await withServer(async ({ port, asked, gone }) => {
      const connection = await send(port, text);
      await asked;
      await close(connection);
      await gone;
      if (text !== WHOLE) connection.close();
    });
  }
});

Deno.test("a client that is gone ends an event stream that has nothing to send", async () => {
  const gone = Promise.withResolvers<string>();
  const events = (signal: AbortSignal) =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(": here\n\n"));
        signal.addEventListener("abort", () => gone.resolve("gone"));
      },
    });
  const headers = { "content-type": "text/event-stream" };
  const server = await listen(
    ({ signal }) => new Response(events(signal), { headers }),
    "127.0.0.1",
    0,
  );
  try {
    const connection = await send(server.port, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await connection.read(new Uint8Array(1000));
    connection.close();
    assert.equal(
      await Promise.race([gone.promise, sleep(PAGE_PATIENCE_MS, "still there", { ref: false })]),
      "gone",
    );
  } finally {
    await server.close(0);
  }
});

Deno.test("a body that goes on unreadably is refused at once", async () => {
  const server = await listen(async (request) => Response.json(await readJson(request)), "127.0.0.1", 0, {
    onFailure: () => {},
  });
  try {
    const answer = await readAll(
      await send(server.port, `${REQUEST}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc`),
    );
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*can be read/);
  } finally {
    await server.close(0);
  }
});
