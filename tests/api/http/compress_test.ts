import assert from "node:assert/strict";
import { compressPages } from "../../../lib/api/http/compress.ts";

const INFO = {
  remoteAddr: { transport: "tcp", hostname: "192.168.1.7", port: 4711 },
} as Deno.ServeHandlerInfo;
const SHEET = ".a { color: red }\n".repeat(100);

interface Asked {
  readonly host?: string;
  readonly accept?: string;
  readonly method?: string;
  readonly type?: string;
  readonly status?: number;
  readonly body?: string;
}

function ask({ host = "192.168.1.5:5005", accept = "gzip, br", ...more }: Asked = {}): Promise<Response> {
  const { method = "GET", type = "text/css; charset=UTF-8", status = 200, body = SHEET } = more;
  const headers = {
    "content-type": type,
    "content-length": String(body.length),
    etag: 'W/"1"',
    vary: "Origin",
  };
  const sent = method === "HEAD" || status === 304 ? null : body;
  const handler = compressPages(() => Promise.resolve(new Response(sent, { status, headers })));
  return handler(
    new Request(`http://${host}/page.css`, { method, headers: { "accept-encoding": accept } }),
    INFO,
  );
}

async function unpacked(response: Response): Promise<string> {
  return await new Response(response.body!.pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("another machine gets pages, scripts and styles packed, and nothing of them is lost", async () => {
  for (const type of ["text/css; charset=UTF-8", "text/html; charset=utf-8", "text/javascript"]) {
    const response = await ask({ type });
    assert.equal(response.headers.get("content-encoding"), "gzip", type);
    assert.equal(response.headers.get("content-length"), null);
    assert.equal(response.headers.get("vary"), "Origin, Accept-Encoding");
    assert.equal(response.headers.get("etag"), 'W/"1"');
    assert.equal(await unpacked(response), SHEET);
  }
});

Deno.test("this machine, other types and short answers get what is there", async () => {
  const plain: Asked[] = [
    ...["localhost:5005", "127.0.0.1:5005", "[::1]:5005"].map((host) => ({ host })),
    ...["application/json", "text/event-stream", "font/woff2", "image/svg+xml"].map((type) => ({ type })),
    { body: "a {}" },
  ];
  for (const asked of plain) {
    const response = await ask(asked);
    assert.equal(response.headers.get("content-encoding"), null, JSON.stringify(asked));
    assert.equal(await response.text(), asked.body ?? SHEET);
  }
});

Deno.test("who does not take gzip gets the text; a cache is told what it depends on", async () => {
  for (const accept of ["", "br", "gzip;q=0", "deflate, gzip; q=0.0", "x-gzipped"]) {
    const response = await ask({ accept });
    assert.equal(response.headers.get("content-encoding"), null, accept);
    assert.match(response.headers.get("vary")!, /Accept-Encoding/);
    assert.equal(await response.text(), SHEET);
  }
  assert.equal((await ask({ accept: "GZIP;q=0.5" })).headers.get("content-encoding"), "gzip");
});

Deno.test("HEAD says what GET would, 304 stays empty", async () => {
  const head = await ask({ method: "HEAD" });
  assert.deepEqual([head.headers.get("content-encoding"), head.headers.get("content-length")], [
    "gzip",
    null,
  ]);
  assert.equal(head.body, null);
  const known = await ask({ status: 304 });
  assert.deepEqual([known.status, known.headers.get("content-encoding"), known.body], [304, null, null]);
  assert.match(known.headers.get("vary")!, /Accept-Encoding/);
});
