// Server-sent events of one answer: pulled, so that a client that reads slowly slows the work and one that leaves
// ends it.
import type { Context } from "fresh";
import { concat } from "../../basics/concat.ts";
import type { State } from "../../define.ts";
import { apiErrorOf } from "./errors.ts";
import { modelStatusOf } from "./model_status.ts";

export interface ServerEvent {
  readonly event: string | null; // null: data without a name
  /** A value, or JSON as UTF-8. */
  readonly data: unknown;
}

/** True where the client asks for events rather than for JSON. */
export function wantsEvents(request: Request): boolean {
  return /\btext\/event-stream\b/i.test(request.headers.get("accept") ?? "");
}

interface StreamOptions {
  /** What a stream ends with where it fails on the way. */
  readonly errorEvent?: (error: unknown) => ServerEvent;
  /** Called when nothing more will be sent, or the client goes. */
  readonly ended?: () => void;
  /** Milliseconds without an event after which a comment is sent. */
  readonly quietMs?: number;
}

const QUIET_MS = 15_000;
/** An event is sent at once, which simple clients count on, unless it is longer. */
const PART_BYTES = 64 * 1024;
const COMMENT = new TextEncoder().encode(":\n\n");

/** Sends a comment now and then, which no client shows: a proxy ends a connection that is silent. The timer that comes
 * back is to be cleared. */
export function keepAlive(
  controller: ReadableStreamDefaultController<Uint8Array>,
  quietMs = QUIET_MS,
): ReturnType<typeof setInterval> {
  return setInterval(() => {
    if ((controller.desiredSize ?? 0) > 0) controller.enqueue(COMMENT);
  }, quietMs);
}

/** A stream of `events`. The first is awaited before anything is sent: its error is thrown and gets an HTTP status. One
 * that does not come within `quietMs` is waited for with comments, as later ones are; an error then, or later, ends the
 * stream with an event `error`. `leave` is called when the client goes. */
export async function streamEvents(
  ctx: Context<State>,
  events: AsyncIterator<ServerEvent, void>,
  leave: () => void,
  { errorEvent = (error) => errorEventOf(error, ctx), ended = () => {}, quietMs = QUIET_MS }: StreamOptions =
    {},
): Promise<Response> {
  const first = events.next();
  const isLate = await isLater(first, quietMs);
  const parts = writeParts(first, events, errorEvent);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => isLate ? controller.enqueue(COMMENT) : undefined,
    async pull(controller) {
      const quiet = keepAlive(controller, quietMs);
      const { done, value } = await parts.next();
      clearInterval(quiet);
      if (!done) return controller.enqueue(value);
      controller.close();
      ended();
    },
    async cancel() {
      leave();
      ended();
      await events.return?.();
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}

/** Whether `promise` takes more than so many milliseconds. Rejects with it, where it is not late. */
async function isLater(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(true), milliseconds);
  return await Promise.race([promise.then(() => false), late.promise]).finally(() => clearTimeout(timer));
}

/** Every event from `first` on as bytes, and an error as `errorEvent` has it; long ones in parts. */
async function* writeParts(
  first: Promise<IteratorResult<ServerEvent, void>>,
  events: AsyncIterator<ServerEvent, void>,
  errorEvent: (error: unknown) => ServerEvent,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let next = await first; !next.done; next = await events.next()) {
      yield* partsOf(writeEvent(next.value));
    }
  } catch (error) {
    yield* partsOf(writeEvent(errorEvent(error)));
  }
}

function* partsOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.slice(at, at + PART_BYTES);
}

function writeEvent({ event, data }: ServerEvent): Uint8Array {
  const encoder = new TextEncoder();
  const json = data instanceof Uint8Array ? data : encoder.encode(JSON.stringify(data));
  const name = event === null ? "" : `event: ${event}\n`;
  return concat(Uint8Array, [encoder.encode(`${name}data: `), json, encoder.encode("\n\n")]);
}

function errorEventOf(error: unknown, { req: request, url, state }: Context<State>): ServerEvent {
  const progress = () => modelStatusOf(state.engine.status()).progress;
  const data = apiErrorOf(error, { request, path: url.pathname, log: state.log, progress });
  return { event: "error", data };
}
