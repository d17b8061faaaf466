// What cannot be read as a request never reaches the app: it is refused here, with the same headers and in the same shape.
import { STATUS_CODES } from "node:http";
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

/** Answers on the socket of a request that could not be read, and closes it. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  socket.on("error", () => socket.destroy()); // the client may be gone
  socket.end(refusal(error.code ?? ""));
}

function refusal(code: string): string {
  const [status, sentence] = REFUSALS[code] ?? UNREADABLE;
  const body = JSON.stringify({ error: sentence, code: "invalid_request" });
  const headers = new Headers({ "content-type": "application/json", "content-length": String(body.length) });
  setSecurityHeaders(headers, []);
  headers.set("connection", "close");
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}
