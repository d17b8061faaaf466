import assert from "node:assert/strict";
import { createApi, failureOf, readEventData } from "../../../lib/explorer/asking/api.ts";

const BODY = { prompt_ids: [1, 2], completion_ids: [], top_k: 3 };

/** Serves one handler on a free port. */
async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  run: (origin: string) => Promise<void>,
) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await run(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

const ask = (origin: string, signal = new AbortController().signal) =>
  createApi("page-1", origin).preview(BODY, signal);

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error !== null, "it should have failed");
  return failureOf(error);
}

Deno.test("a question travels as the API wants it", async () => {
  await withServer(async (request) => {
    assert.equal(new URL(request.url).pathname, "/api/preview");
    assert.equal(request.method, "POST");
    assert.equal(request.headers.get("x-nexttoken-client"), "page-1");
    assert.deepEqual(await request.json(), BODY);
    return Response.json({ context_token_count: 2 });
  }, async (origin) => assert.equal((await ask(origin)).context_token_count, 2));
});

Deno.test("errors of the API keep their sentence and say whether to try again", async () => {
  const cases = [[400, "refused"], [422, "refused"], [429, "trouble"], [500, "trouble"], [
    503,
    "loading",
  ]] as const;
  for (const [status, kind] of cases) {
    const error = { error: "A sentence.", code: "a_code", field: "params.top_p" };
    await withServer(() => Response.json(error, { status }), async (origin) => {
      const found = await failure(ask(origin));
      assert.deepEqual(found, {
        kind,
        message: "A sentence.",
        detail: `POST ${origin}/api/preview: ${status} a_code`,
        field: "params.top_p",
      });
    });
  }
});

Deno.test("an error that is no JSON is a failure too", async () => {
  await withServer(() => new Response("<h1>Bad gateway</h1>", { status: 502 }), async (origin) => {
    const found = await failure(ask(origin));
    assert.equal(found?.kind, "trouble");
    assert.equal(found?.message, "The server answered 502.");
  });
});

Deno.test("an answer that is cut off is a trouble, a missing server is unreachable, an abort is neither", async () => {
  await withServer(() => new Response('{"candidates": ['), async (origin) => {
    assert.equal((await failure(ask(origin)))?.kind, "trouble");
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  assert.equal((await failure(ask(`http://127.0.0.1:${listener.addr.port}`)))?.kind, "unreachable");
  await withServer(() => Response.json({}), async (origin) => {
    assert.equal(await failure(ask(origin, AbortSignal.abort())), null);
  });
});

Deno.test("event streams are read whatever the chunks", async () => {
  const text = ': comment\n\ndata: {"a":1}\n\nevent: x\r\ndata: 2\r\n\r\ndata: 3\ndata: 4\n\ndata: cut';
  for (const size of [1, 3, 1000]) {
    const bytes = new TextEncoder().encode(text);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    assert.deepEqual(await Array.fromAsync(readEventData(ReadableStream.from(chunks))), [
      '{"a":1}',
      "2",
      "3\n4",
    ]);
  }
});

Deno.test("statuses are the events of the model", async () => {
  await withServer(
    () => new Response('data: {"ready":false}\n\ndata: {"ready":true}\n\n'),
    async (origin) => {
      const seen = await Array.fromAsync(
        createApi("page-1", origin).statuses(new AbortController().signal),
      );
      assert.deepEqual(seen, [{ ready: false }, { ready: true }]);
    },
  );
});

Deno.test("looking ahead, searching and counting tokens break off no question of the page", async () => {
  const names: (string | null)[] = [];
  await withServer((request) => {
    names.push(request.headers.get("x-nexttoken-client"));
    return Response.json({});
  }, async (origin) => {
    const api = createApi("page-1", origin);
    const { signal } = new AbortController();
    await api.step(BODY, signal);
    await api.peek(BODY, signal);
    await api.vocabulary(BODY, signal);
    await api.tokenize("x", null, signal);
  });
  assert.deepEqual(names, ["page-1", "page-1.peek", "page-1.vocabulary", "page-1.tokenize"]);
});
