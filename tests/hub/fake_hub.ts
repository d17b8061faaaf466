// A hub for tests: the endpoints that lib/hub asks, over any repositories, with every way a hub can misbehave.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";

export type Repositories = Record<string, Record<string, Uint8Array>>;
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
  readonly url: string;
}

/** How one answer differs from a good one. */
export interface Mischief {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Sends this many bytes of the body, then breaks the connection. */
  readonly cutAfter?: number;
  /** Flips a bit of the byte at this place of the file. */
  readonly flip?: number;
  /** Another content altogether. */
  readonly body?: Uint8Array;
  /** Bytes a step of 20 ms. */
  readonly slow?: number;
  /** Answers nothing at all. */
  readonly silent?: boolean;
  readonly ignoreRange?: boolean;
  /** Packs the body, though nobody asked for it. */
  readonly packed?: "gzip" | "deflate";
}

export interface FakeHub {
  readonly url: string;
  readonly seen: Seen[];
  /** Body bytes sent by path of the file. */
  readonly sent: Map<string, number>;
  mischief: (request: Seen) => Mischief | null;
  close(): Promise<void>;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function gitSha1(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function isLarge(path: string): boolean {
  return /\.onnx(_data.*)?$/.test(path);
}

export function etagOf(path: string, bytes: Uint8Array): string {
  return isLarge(path) ? sha256(bytes) : gitSha1(bytes);
}

/** Starts a hub that knows `repositories`, each at COMMIT. */
export async function fakeHub(repositories: Repositories): Promise<FakeHub> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hub: FakeHub = {
    url,
    seen: [],
    sent: new Map(),
    mischief: () => null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? "/", url);
    const seen: Seen = {
      method: request.method ?? "GET",
      path: decodeURIComponent(target.pathname),
      range: request.headers.range ?? null,
      authorization: request.headers.authorization ?? null,
      url: target.href,
    };
    hub.seen.push(seen);
    const mischief = hub.mischief(seen);
    if (mischief?.silent) return;
    if (mischief?.status !== undefined) {
      response.writeHead(mischief.status, mischief.headers ?? {}).end("{}");
      return;
    }
    const known = find(repositories, seen.path);
    if (known === null) {
      const headers = seen.path.includes("/resolve/")
        ? { "x-error-code": "EntryNotFound", "x-repo-commit": COMMIT }
        : { "x-error-code": "RepoNotFound" };
      response.writeHead(404, headers).end('{"error":"not found"}');
    } else if (known instanceof Uint8Array) {
      await sendFile(known, seen, response, mischief ?? {}, hub.sent);
    } else {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(known));
    }
  }
  return hub;
}

function find(repositories: Repositories, path: string): Uint8Array | object | null {
  for (const [id, files] of Object.entries(repositories)) {
    if (path.startsWith(`/api/models/${id}/revision/`)) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      return { id, sha: COMMIT, gated: false, private: false, tags: ["license:apache-2.0"], siblings };
    }
    if (path === `/api/models/${id}/tree/${COMMIT}`) {
      return Object.entries(files).map(([p, b]) => entry(p, b));
    }
    const file = path.startsWith(`/${id}/resolve/`) ? path.split("/").slice(5).join("/") : null;
    if (file !== null) return files[file] ?? null;
  }
  return null;
}

function entry(path: string, bytes: Uint8Array): object {
  const plain = { type: "file", path, oid: gitSha1(bytes), size: bytes.length };
  return isLarge(path)
    ? { ...plain, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }
    : plain;
}

async function sendFile(
  file: Uint8Array,
  seen: Seen,
  response: ServerResponse,
  mischief: Mischief,
  sent: Map<string, number>,
): Promise<void> {
  let whole = mischief.body ?? file;
  if (mischief.flip !== undefined) {
    whole = whole.slice();
    whole[mischief.flip]! ^= 1;
  }
  const range = mischief.ignoreRange ? null : /^bytes=(\d+)-$/.exec(seen.range ?? "");
  const start = range === null ? 0 : Number(range[1]);
  if (start >= whole.length && range !== null) {
    response.writeHead(416, { "content-range": `bytes */${whole.length}` }).end();
    return;
  }
  const rest = whole.subarray(start);
  const { packed } = mischief;
  const body = packed === undefined ? rest : packed === "gzip" ? gzipSync(rest) : deflateSync(rest);
  const headers: Record<string, string> = {
    "content-length": String(body.length),
    "accept-ranges": "bytes",
    "x-repo-commit": COMMIT,
    etag: `"${etagOf(seen.path, file)}"`,
  };
  if (range !== null) headers["content-range"] = `bytes ${start}-${whole.length - 1}/${whole.length}`;
  if (isLarge(seen.path)) {
    headers["x-linked-etag"] = headers["etag"]!;
    headers["x-linked-size"] = String(file.length);
  }
  if (packed !== undefined) headers["content-encoding"] = packed;
  response.writeHead(range === null ? 200 : 206, headers);
  if (seen.method === "HEAD") return void response.end();
  const name = seen.path.split("/").slice(5).join("/");
  const end = Math.min(mischief.cutAfter ?? body.length, body.length);
  const step = mischief.slow ?? Math.max(1, end);
  for (let at = 0; at < end && !response.destroyed; at += step) {
    const chunk = body.subarray(at, Math.min(at + step, end));
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
    sent.set(name, (sent.get(name) ?? 0) + chunk.length);
    if (mischief.slow !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (mischief.cutAfter === undefined) response.end();
  else {
    response.flushHeaders();
    // Let the bytes leave before the connection breaks.
    setTimeout(() => response.destroy(), 20);
  }
}
