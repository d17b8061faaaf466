// HTTP over node:http, through srvx. `Deno.serve` would be shorter, but in Deno 2.9.6 its `request.signal` stays
// silent when a client goes away whose body did not come in one packet with the headers, and every wait here must end
// when no client waits any more. Measured: 0.25 ms more a request, an abort is heard within 10 ms.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ServerRequest } from "srvx";
import { toNodeHandler } from "srvx/node";
import { WholeAnswer } from "../api/http/whole_answer.ts";
import {
  answerFailed,
  answerForAll,
  refuseConnect,
  refuseExpectation,
  refuseUnreadable,
  refuseUnsound,
} from "./refusals.ts";

/** How much of a body that no route has read is read and dropped, in bytes. */
const DROPPED_BYTES = 16 * 1024 * 1024;

/** Answers up to this size are written at once. */
const ONE_WRITE_BYTES = 64 * 1024;

/** How long the next part of such a body is waited for, in milliseconds: its sender may be waiting for our answer. */
const DROP_TIMEOUT_MS = 1000;
/** The same for all of it: one that trickles in would keep its connection. */
const DROP_WHOLE_MS = 10_000;

/** Milliseconds that a client may take to send its headers. */
const HEADERS_MS = 15_000;
/** Milliseconds that it may take for the next part of its answer: until then it holds what others may need. */
const TAKEN_MS = 60_000;
/** How often both are looked at. */
const CHECK_MS = 1000;

/** Connections at once; browsers open six each. More are closed: where the process has no descriptor left for one, Deno
 * 2.9.6 accepts none ever after, and most systems allow a process 1024. */
const MOST_CONNECTIONS = 800;

/** What app handlers take. */
export type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

export interface Listening {
  readonly hostname: string;
  readonly port: number;
  /** Takes no more connections; resolves when all answers are out. Open streams are broken off after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

interface ListenOptions {
  /** Milliseconds that a client may take. */
  readonly headersMs?: number;
  readonly takenMs?: number; // for the next part of its answer
  readonly dropMs?: number; // for the rest of a body that no route reads
  readonly mostConnections?: number;
  /** Told what the handler throws: its client gets 500, and the server lives. */
  readonly onFailure?: (error: unknown) => void;
}

/** Listens on `port` (0 = any free one). Rejects with Deno.errors.AddrInUse where the port is taken. */
export async function listen(
  handler: Handler,
  hostname: string,
  port: number,
  {
    headersMs = HEADERS_MS,
    takenMs = TAKEN_MS,
    dropMs = DROP_WHOLE_MS,
    mostConnections = MOST_CONNECTIONS,
    onFailure = () => {},
  }: ListenOptions = {},
): Promise<Listening> {
  const waiting = new WeakSet<IncomingMessage>();
  const streaming = new WeakSet<IncomingMessage>();
  const fetch = async (request: ServerRequest) => {
    const incoming = request.runtime?.node?.req as IncomingMessage | undefined;
    const refused = incoming === undefined ? null : refuseUnsound(incoming) ?? answerForAll(incoming);
    const response = refused ?? await answer(handler, request, onFailure);
    if (incoming !== undefined && isEventStream(response)) streaming.add(incoming);
    if (incoming !== undefined && waiting.has(incoming)) return withoutBody(response);
    await dropRest(incoming, dropMs);
    return request.method === "HEAD" ? response : await toOneWrite(response);
  };
  const server = createNodeServer(toNodeHandler(fetch) as NodeHandler, { waiting, streaming });
  endUntaken(server, takenMs);
  server.maxConnections = mostConnections;
  server.headersTimeout = headersMs;
  server.requestTimeout = 0; // of bodies, lib/api/http/body.ts watches the progress
  await startListening(server, hostname, port);
  const address = server.address();
  return {
    hostname,
    port: typeof address === "object" && address !== null ? address.port : port,
    close: (graceMs) => closeServer(server, graceMs),
  };
}

/** A request and its answer: the ones of a connection that were begun last. */
interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
}

type NodeHandler = (incoming: IncomingMessage, response: ServerResponse) => void;

interface Requests {
  /** Those whose clients wait for the word to go on before they send a body; it is given when the body is read
   * first. */
  readonly waiting: WeakSet<IncomingMessage>;
  /** Those that are answered by an event stream. */
  readonly streaming: WeakSet<IncomingMessage>;
}

/** Node's server. */
function createNodeServer(handle: NodeHandler, { waiting, streaming }: Requests): Server {
  const newest = new WeakMap<Duplex, Exchange>();
  // A missing Host is refused with what else is unsound, in our shape.
  const options = { connectionsCheckingInterval: CHECK_MS, requireHostHeader: false };
  const server = createServer(options, (incoming, response) => {
    newest.set(incoming.socket, { incoming, response });
    handle(incoming, response);
  });
  Object.assign(server, { httpAllowHalfOpen: true }); // else an answer is dropped when its client has said all
  server.on("connection", (socket: Duplex) => {
    socket.once("end", () => endUnlessReading(newest.get(socket), socket, streaming));
  });
  server.on("checkContinue", (incoming: IncomingMessage, response: ServerResponse) => {
    waiting.add(incoming);
    incoming.once("resume", () => {
      if (waiting.delete(incoming) && !response.headersSent) response.writeContinue();
    });
    server.emit("request", incoming, response);
  });
  server.on("clientError", (error, socket) => {
    const { incoming, response } = newest.get(socket) ?? {};
    const inBody = incoming?.complete === false && refuseUnsound(incoming) === null; // else it is refused already
    if (!inBody) callWhenOut(response, () => refuseUnreadable(error, socket));
    else if (response?.headersSent) socket.destroy();
    else refuseUnreadable(error, socket);
  });
  server.on("connect", refuseConnect);
  server.on("checkExpectation", refuseExpectation);
  return server;
}

/** Milliseconds after which a client that has closed its side is asked whether it still reads: the second time says so,
 * because a client that is gone answers the first with a reset. The last one goes on. */
const PROBE_MS = [0, 10, 40, 200, 1000, 5000] as const;

/** Of a client that will send no more. One that has closed only its own side takes a word on the way to its answer, so
 * one that is gone is found out by it; where no such word can be sent, it counts as gone. */
function endUnlessReading(
  exchange: Exchange | undefined,
  socket: Duplex,
  streaming: Requests["streaming"],
): void {
  if (exchange === undefined || exchange.response.writableEnded) return;
  const { incoming, response } = exchange;
  const probe = (time: number) => {
    if (response.destroyed || response.writableEnded || socket.destroyed) return;
    if (response.headersSent && !streaming.has(incoming)) return; // what is written of it finds out
    if (response.headersSent || incoming.httpVersion !== "1.1") return void socket.destroy();
    response.writeProcessing();
    const next = setTimeout(() => probe(time + 1), PROBE_MS[Math.min(time + 1, PROBE_MS.length - 1)]);
    response.once("close", () => clearTimeout(next));
  };
  probe(0);
}

function isEventStream(response: Response): boolean {
  return /^text\/event-stream\b/.test(response.headers.get("content-type") ?? "");
}

/** The handler's answer, or 500 where it throws: srvx would leave the error to the process, which ends. */
async function answer(
  handler: Handler,
  request: ServerRequest,
  onFailure: (error: unknown) => void,
): Promise<Response> {
  try {
    return await handler(request, infoOf(request));
  } catch (error) {
    onFailure(error);
    return answerFailed();
  }
}

/** The answer to a client that has not sent its body, and must not: the connection ends with it. */
function withoutBody(response: Response): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  return new Response(response.body, { status, statusText, headers });
}

/** Ends connections whose clients take nothing of their answers for so long. */
function endUntaken(server: Server, takenMs: number): void {
  const full = new Map<ServerResponse, number>(); // since when; 0: more can be written
  server.on("request", (_incoming: IncomingMessage, response: ServerResponse) => {
    full.set(response, 0);
    response.on("drain", () => full.set(response, 0));
    response.once("close", () => full.delete(response));
  });
  const watch = setInterval(() => {
    const now = performance.now();
    for (const [response, since] of full) {
      if (!response.writableNeedDrain) continue;
      if (since === 0) full.set(response, now);
      else if (now - since > takenMs) response.destroy();
    }
  }, CHECK_MS);
  server.once("close", () => clearInterval(watch));
}

/** Calls `then` when `answer` is out, or its client gone: nothing of another one may stand between its parts. */
function callWhenOut(answer: ServerResponse | undefined, then: () => void): void {
  if (answer === undefined || answer.writableFinished || answer.destroyed) return then();
  answer.once("close", then);
}

/** A short answer of known length as one that goes out in one write, without a stream. */
async function toOneWrite(response: Response): Promise<Response> {
  if (response instanceof WholeAnswer) return response;
  const length = response.headers.get("content-length");
  if (length === null || Number(length) > ONE_WRITE_BYTES) return response;
  const { status, statusText, headers } = response;
  return new WholeAnswer(await response.bytes(), { status, statusText, headers });
}

/** Reads what a handler left of a body and forgets it, before the answer goes out: the server closes a connection
 * whose answer ends while its client still sends, and the answer is lost. Past the limits that is what happens. */
function dropRest(incoming: IncomingMessage | undefined, dropMs: number): Promise<void> {
  if (incoming === undefined || incoming.complete || incoming.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let dropped = 0;
    const enough = () => {
      clearTimeout(waiting);
      clearTimeout(whole);
      incoming.removeListener("data", drop);
      resolve();
    };
    const wait = () => setTimeout(enough, DROP_TIMEOUT_MS);
    let waiting = wait();
    const whole = setTimeout(enough, dropMs);
    incoming.removeAllListeners("data");
    const drop = (chunk: Uint8Array) => {
      clearTimeout(waiting);
      dropped += chunk.byteLength;
      if (dropped > DROPPED_BYTES) enough();
      else waiting = wait();
    };
    incoming.on("data", drop);
    for (const event of ["end", "close", "error"]) incoming.once(event, enough);
    incoming.resume();
  });
}

function startListening(server: Server, hostname: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new Deno.errors.AddrInUse(error.message) : error);
    });
    server.listen(port, hostname, resolve);
  });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => (clearTimeout(grace), resolve()));
    server.closeIdleConnections();
  });
}

function infoOf(request: ServerRequest): Deno.ServeHandlerInfo {
  const hostname = request.ip ?? "unknown";
  return { remoteAddr: { transport: "tcp", hostname, port: 0 }, completed: Promise.resolve() };
}
