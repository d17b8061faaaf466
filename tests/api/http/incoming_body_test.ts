// Bodies as the server has them, which are read from Node's own stream: whole, in parts, too long, too late, broken
// off.
import assert from "node:assert/strict";
import { readJson } from "../../../lib/api/http/body.ts";
import { faultOf } from "../../../lib/fault.ts";
import { listen } from "../../../lib/server/listen.ts";
import { PATIENCE } from "../../patience.ts";

const LONG_MS = 60_000;
const ALL_MS = { progressMs: LONG_MS, wholeMs: LONG_MS };

/** A server that reads bodies of up to 100 bytes, a connection to it, and what came of the first body. */
async function serve(patience: { progressMs: number; wholeMs: number }) {
  const read = Promise.withResolvers<unknown>();
  const server = await listen(
    async (request) => {
      const body = await readJson(request, 100, patience).catch((error: Error) =>
        `${faultOf(error)?.code}: ${error.message}`
      );
      read.resolve(body);
      return Response.json(body);
    },
    "127.0.0.1",
    0,
  );
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const send = (text: string) => connection.write(new TextEncoder().encode(text));
  const head = (rest: string) =>
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n${rest}\r\n\r\n`;
  return {
    ...{ send, head, connection, read: read.promise },
    async [Symbol.asyncDispose]() {
      try {
        connection.close();
      } catch {
        // the test has closed it
      }
      await server.close(0);
    },
  };
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 20));

Deno.test(
  "a body that comes with its headers, and one in parts with and without a length",
  PATIENCE,
  async () => {
    const ways = [
      { head: "Content-Length: 10", parts: ['{"a":"ä"}'], read: { a: "ä" } },
      { head: "Content-Length: 10", parts: ['{"a":', '"ä"', "}"], read: { a: "ä" } },
      {
        head: "Transfer-Encoding: chunked",
        parts: ["5\r\n[1,2,\r\n", "2\r\n3]\r\n0\r\n\r\n"],
        read: [1, 2, 3],
      },
    ];
    for (const { head, parts: [first, ...more], read } of ways) {
      await using server = await serve(ALL_MS);
      await server.send(server.head(head) + first);
      for (const part of more) {
        await moment();
        await server.send(part);
      }
      assert.deepEqual(await server.read, read);
    }
  },
);

Deno.test("no body is no JSON; bytes that are no UTF-8 are refused", PATIENCE, async () => {
  for (const [length, sentence] of [["0", /Unexpected end/], ["3", /not valid UTF-8/]] as const) {
    await using server = await serve(ALL_MS);
    await server.send(server.head(`Content-Length: ${length}`));
    if (length === "3") await server.connection.write(Uint8Array.of(34, 0xff, 34));
    assert.match(String(await server.read), sentence);
  }
});

Deno.test(
  "a body over the limit is refused, whether it says so or not, and the refusal arrives",
  PATIENCE,
  async () => {
    const long = "x".repeat(101);
    for (
      const [head, text] of [["Content-Length: 101", long], [
        "Transfer-Encoding: chunked",
        `65\r\n${long}\r\n`,
      ]]
    ) {
      await using server = await serve(ALL_MS);
      await server.send(server.head(head!) + text);
      if (head!.startsWith("Transfer")) await server.send("0\r\n\r\n");
      assert.match(String(await server.read), /^body_too_large: .* at most 100 bytes/);
      assert.match(await new Response(server.connection.readable).text(), /body_too_large/);
    }
  },
);

Deno.test(
  "a body that stands still, one that trickles on for too long, and one that is broken off",
  PATIENCE,
  async () => {
    {
      await using server = await serve({ progressMs: 50, wholeMs: LONG_MS });
      await server.send(server.head("Content-Length: 9") + "[1");
      assert.match(String(await server.read), /^body_timeout: Nothing of the body came for 0.05 seconds/);
    }
    {
      await using server = await serve({ progressMs: LONG_MS, wholeMs: 100 });
      let over = false;
      server.read.then(() => over = true);
      await server.send(server.head("Transfer-Encoding: chunked"));
      while (!over) {
        await server.send("1\r\n \r\n").catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.match(String(await server.read), /^body_timeout: .* as a whole within 0.1 seconds/);
    }
    await using server = await serve(ALL_MS);
    await server.send(server.head("Content-Length: 9") + "[1");
    await moment();
    server.connection.close();
    assert.match(String(await server.read), /^invalid_request: The body ended before it was complete/);
  },
);
