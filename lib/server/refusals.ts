// What cannot be read as a request never reaches the app: it is refused here, with the same headers and in the same shape.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setSecurityHeaders } from "../api/http/security_headers.ts";

const UNREADABLE: readonly [status: number, sentence: string] = [
  400,
  "This is no request that can be read: its method is unknown, or its headers are malformed.",
];

/** By the codes of Node's HTTP parser. */
const REFUSALS: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The headers did not come in time. Send the request again."],
  HPE_HEADER_OVERFLOW: [431, "The address or the headers are too long."],
};

const NO_PROXY: readonly [status: number, sentence: string] = [
  405,
  "This server is no proxy: it does not take the method CONNECT.",
];
const NO_HOST: readonly [status: number, sentence: string] = [
  400,
  "A request by HTTP/1.1 names the host that it is for: the header Host is missing.",
];
const UNEXPECTED: readonly [status: number, sentence: string] = [
  417,
  "Of the header Expect, this server knows 100-continue alone.",
];
const FAILED: readonly [status: number, sentence: string] = [
  500,
  "Something went wrong here. The log of the server says what.",
];
const ALLOW = "GET, HEAD, POST, DELETE, OPTIONS";

/** Answers on the socket of a request that could not be read, and closes it. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  refuseOn(socket, REFUSALS[error.code ?? ""] ?? UNREADABLE);
}

/** Answers a CONNECT on its socket, and closes it. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuseOn(socket, NO_PROXY);
}

/** Answers a request whose header Expect asks for something unknown. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const [status, sentence] = UNEXPECTED;
  response.writeHead(status, Object.fromEntries(headersOf(status)));
  response.end(bodyOf(sentence));
}

/** The refusal of a request by HTTP/1.1 without a host; null where it has one. */
export function refuseWithoutHost({ httpVersion, headers }: IncomingMessage): Response | null {
  if (httpVersion !== "1.1" || headers.host !== undefined) return null;
  return refusalOf(NO_HOST);
}

/** The answer to a request that the app did not answer, which is a fault of ours. */
export function answerFailed(): Response {
  return refusalOf(FAILED);
}

function refusalOf([status, sentence]: readonly [status: number, sentence: string]): Response {
  return new Response(bodyOf(sentence, status), { status, headers: headersOf(status) });
}

function refuseOn(socket: Duplex, [status, sentence]: readonly [status: number, sentence: string]): void {
  if (!socket.writable) return void socket.destroy();
  socket.on("error", () => socket.destroy()); // the client may be gone
  const body = bodyOf(sentence);
  const headers = headersOf(status);
  headers.set("content-length", String(body.length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}

function bodyOf(error: string, status = 400): string {
  return JSON.stringify({ error, code: status >= 500 ? "internal_error" : "invalid_request" });
}

function headersOf(status: number): Headers {
  const headers = new Headers({ "content-type": "application/json" });
  setSecurityHeaders(headers, []);
  if (status === 405) headers.set("allow", ALLOW);
  headers.set("connection", "close");
  return headers;
}
