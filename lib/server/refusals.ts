// What never reaches the app, or what the app left without an answer, is refused here: with the same headers and in the
// same shape as everything else.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setSecurityHeaders } from "../api/http/security_headers.ts";
import type { ApiError } from "../wire/error.ts";

interface Refusal extends ApiError {
  readonly status: number;
  readonly allow?: string; // the methods that there are
}

const UNREADABLE: Refusal = {
  status: 400,
  code: "invalid_request",
  error:
    "This is no request that can be read: its method is unknown, or its headers or the chunks of its body are malformed.",
};
/** By the codes of Node's HTTP parser. */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "invalid_request",
    error: "The headers did not come in time. Send the request again.",
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "invalid_request",
    error: "The address or the headers are too long.",
  },
};
const NO_PROXY: Refusal = {
  status: 405,
  code: "method_not_allowed",
  error: "This server is no proxy: it does not take the method CONNECT.",
  allow: "GET, HEAD, POST, DELETE, OPTIONS",
};
const UNEXPECTED: Refusal = {
  status: 417,
  code: "invalid_request",
  error: "Of the header Expect, this server knows 100-continue alone.",
};
const FAILED: Refusal = {
  status: 500,
  code: "internal_error",
  error: "Something went wrong here. The log of the server says what.",
};

/** What a request is that has no certain meaning: a proxy before this server may read it otherwise. */
interface Unsound extends Pick<Refusal, "status" | "error"> {
  readonly is: (request: IncomingMessage) => boolean;
}

const UNSOUND: readonly Unsound[] = [
  {
    is: ({ httpVersion }) => httpVersion !== "1.1" && httpVersion !== "1.0",
    status: 505,
    error: "This server speaks HTTP/1.1 and HTTP/1.0.",
  },
  {
    is: (request) => request.httpVersion === "1.1" && countHosts(request) === 0,
    status: 400,
    error: "A request by HTTP/1.1 names the host that it is for: the header Host is missing.",
  },
  {
    is: (request) => countHosts(request) > 1,
    status: 400,
    error: "A request names one host, and this one has the header Host more than once.",
  },
  {
    is: ({ httpVersion, headers }) => httpVersion === "1.0" && headers["transfer-encoding"] !== undefined,
    status: 400,
    error: "HTTP/1.0 has no Transfer-Encoding: where this body ends is not certain.",
  },
  {
    is: ({ headers: { "transfer-encoding": coding = "chunked" } }) => coding.toLowerCase() !== "chunked",
    status: 501,
    error: "Of the transfer codings, this server knows chunked alone.",
  },
  {
    is: ({ method, url = "" }) =>
      !(url === "*" && method === "OPTIONS") && !/^\//.test(url) && !isWholeAddress(url),
    status: 400,
    error: "The address of this request is none: it begins with / or is a whole address by http.",
  },
];

function isWholeAddress(text: string): boolean {
  const { protocol, host } = URL.parse(text) ?? {};
  return (protocol === "http:" || protocol === "https:") && host !== "";
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
}

/** Answers on the socket of a request that could not be read, and closes it. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  refuseOn(socket, BY_CODE[error.code ?? ""] ?? UNREADABLE);
}

/** Answers a CONNECT on its socket, and closes it. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuseOn(socket, NO_PROXY);
}

/** Answers a request whose header Expect asks for something unknown. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = write(UNEXPECTED);
  response.writeHead(status, Object.fromEntries(headers));
  response.end(body);
}

/** The refusal of a request that Node's parser lets through; null where it is sound. */
export function refuseUnsound(request: IncomingMessage): Response | null {
  const found = UNSOUND.find(({ is }) => is(request));
  return found === undefined ? null : toResponse({ code: "invalid_request", ...found });
}

/** The answer to `OPTIONS *`, which asks what the server takes at all; null for any other request. */
export function answerForAll({ method, url }: IncomingMessage): Response | null {
  if (method !== "OPTIONS" || url !== "*") return null;
  const headers = new Headers({ allow: NO_PROXY.allow! });
  setSecurityHeaders(headers, []);
  return new Response(null, { status: 204, headers });
}

/** The answer to a request that the app did not answer, which is a fault of ours. */
export function answerFailed(): Response {
  return toResponse(FAILED);
}

function toResponse(refusal: Refusal): Response {
  const { status, headers, body } = write(refusal);
  return new Response(body, { status, headers });
}

function refuseOn(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return void socket.destroy();
  socket.on("error", () => socket.destroy()); // the client may be gone
  const { status, headers, body } = write(refusal);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}

function write({ status, code, error, allow }: Refusal): { status: number; headers: Headers; body: string } {
  const body = JSON.stringify({ error, code });
  const length = new TextEncoder().encode(body).byteLength;
  const headers = new Headers({ "content-type": "application/json", "content-length": String(length) });
  setSecurityHeaders(headers, []);
  if (allow !== undefined) headers.set("allow", allow);
  headers.set("connection", "close");
  return { status, headers, body };
}
