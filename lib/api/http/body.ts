// Reads a JSON body without trusting its sender: type, size and syntax are checked before anything else sees it.
import type { IncomingMessage } from "node:http";
import { concat } from "../../basics/concat.ts";
import { isRecord } from "../../basics/is_record.ts";
import { messageOf } from "../../basics/message_of.ts";
import type { Slices } from "../../basics/slices.ts";
import { Turns } from "../../basics/turns.ts";
import { apiFault } from "./errors.ts";
import { asPythonReads, checkTemplateFields } from "./exact_json.ts";
import { hasMoreNames, MOST_FIELDS, MOST_NAMES } from "./json_size.ts";
import { incomingOf } from "./served_request.ts";

/** Milliseconds that are waited for a body. */
interface BodyPatience {
  readonly progressMs: number; // for its next part
  readonly wholeMs: number; // for all of it
}

const PATIENCE: BodyPatience = { progressMs: 30_000, wholeMs: 120_000 };

export const BODY_LIMIT = 1024 * 1024; // bytes

/** UTF-16 units of a body from which others have their turn between what parses it and what validates it: each takes
 * some 10 ms for half a million numbers. */
const LONG = 2 ** 16;

/** The parsed JSON of a request. Throws unsupported_media_type (415), body_too_large (413), invalid_request (400
 * with the place of the mistake) and, where the sender stops half-way, invalid_request too; body_timeout (400) where
 * the next part or the whole does not come within `patience`. */
export async function readJson(
  request: Request,
  limit: number = BODY_LIMIT,
  patience: BodyPatience = PATIENCE,
): Promise<unknown> {
  checkType(request.headers.get("content-type"));
  checkEncoding(request.headers.get("content-encoding"));
  const turns = new Turns();
  const text = await turns.finish(decodeUtf8(await readBytes(request, limit, patience)));
  if (await turns.finish(hasMoreNames(text))) {
    const message = `The objects of the body must have at most ${MOST_NAMES} names together.`;
    throw apiFault("body_too_large", message);
  }
  const body = parseJson(text);
  checkFields(body);
  checkTemplateFields(body);
  const read = await turns.finish(asPythonReads(body, text));
  if (text.length > LONG) await turns.rest();
  return read;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = messageOf(error).replace(/\.$/, ""); // V8 names the position, or quotes the place
    throw apiFault("invalid_request", `The body is not valid JSON: ${reason}.`);
  }
}

/** Which of very many fields are unknown would take long to find out. */
function checkFields(body: unknown): void {
  const fields = isRecord(body) ? Object.keys(body).length : 0;
  if (fields <= MOST_FIELDS) return;
  const message = `The body has ${fields} fields, but a request has at most ${MOST_FIELDS}.`;
  throw apiFault("invalid_request", message);
}

/** JSON by its media type; of its parameters only charset means something. */
function checkType(type: string | null): void {
  const [media = "", ...parameters] = (type ?? "").toLowerCase().split(";").map((part) => part.trim());
  const json = /^application\/([\w.+-]+\+)?json$/.test(media);
  if (json && parameters.every((one) => !/^charset\b/.test(one) || /^charset="?utf-?8"?$/.test(one))) return;
  throw apiFault(
    "unsupported_media_type",
    "Send JSON in UTF-8, with the header Content-Type: application/json.",
  );
}

function checkEncoding(encoding: string | null): void {
  if (encoding === null || encoding.trim() === "" || encoding.trim().toLowerCase() === "identity") return;
  throw apiFault("unsupported_media_type", "Send the body as it is, without Content-Encoding.");
}

/** Stops at the first byte over the limit, whatever Content-Length claims. */
async function readBytes(request: Request, limit: number, patience: BodyPatience): Promise<Uint8Array> {
  const tooLarge = () => apiFault("body_too_large", `The body must have at most ${limit} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const incoming = incomingOf(request);
  if (incoming !== undefined) return await readIncoming(incoming, limit, patience, tooLarge);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of chunksOf(request, patience)) {
    size += part.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  return concat(Uint8Array, parts);
}

/** The same from Node's own stream: a web stream over it takes 0.3 ms of a click. What is not read is left to the
 * server (lib/server/listen.ts drops it). */
function readIncoming(
  incoming: IncomingMessage,
  limit: number,
  patience: BodyPatience,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let size = 0;
    const begun = performance.now();
    const settle = (act: () => void) => {
      clearTimeout(timer);
      incoming.off("data", take).off("end", end).off("error", breakOff).off("close", breakOff);
      act();
    };
    const wait = () => {
      const spent = performance.now() - begun;
      return setTimeout(() => settle(() => reject(tooLateError(patience, spent))), waitOf(patience, spent));
    };
    const take = (part: Uint8Array) => {
      clearTimeout(timer);
      size += part.byteLength;
      parts.push(part);
      if (size > limit) settle(() => (incoming.pause(), reject(tooLarge())));
      else timer = wait();
    };
    const end = () => settle(() => resolve(parts.length === 1 ? parts[0]! : concat(Uint8Array, parts)));
    const breakOff = () => settle(() => reject(brokenOffError()));
    let timer = wait();
    if (incoming.destroyed || incoming.readableEnded) return breakOff();
    incoming.on("data", take).once("end", end).once("error", breakOff).once("close", breakOff);
  });
}

/** The body's chunks. Leaving early leaves the rest to the server (lib/server/listen.ts drops it): to cancel it here
 * would end the connection, and the answer with it. */
async function* chunksOf(request: Request, patience: BodyPatience): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  const begun = performance.now();
  try {
    while (true) {
      const { done, value } = await readNext(reader, patience, performance.now() - begun);
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/** The next part; `spent`: milliseconds since the first one was waited for. */
async function readNext(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  patience: BodyPatience,
  spent: number,
) {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), waitOf(patience, spent));
  const reading = reader.read().catch(() => {
    throw brokenOffError();
  });
  const next = await Promise.race([reading, late.promise]).finally(() => clearTimeout(timer));
  if (next !== null) return next;
  reading.catch(() => {}); // the connection is closed behind the answer
  throw tooLateError(patience, spent);
}

/** Milliseconds for which the next part is waited for. */
function waitOf({ progressMs, wholeMs }: BodyPatience, spent: number): number {
  return Math.min(progressMs, wholeMs - spent);
}

function tooLateError({ progressMs, wholeMs }: BodyPatience, spent: number): Error {
  const what = progressMs <= wholeMs - spent
    ? `Nothing of the body came for ${progressMs / 1000} seconds.`
    : `The body did not come as a whole within ${wholeMs / 1000} seconds.`;
  return apiFault("body_timeout", `${what} Send it again.`);
}

function brokenOffError(): Error {
  return apiFault("invalid_request", "The body ended before it was complete.");
}

/** Bytes that are decoded at once: letters of one byte and of two in turn take 30 ms a mebibyte. */
const DECODED = 2 ** 16;

function* decodeUtf8(bytes: Uint8Array): Slices<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    let text = "";
    for (; bytes.length > DECODED; bytes = bytes.subarray(DECODED)) {
      text += decoder.decode(bytes.subarray(0, DECODED), { stream: true });
      yield;
    }
    return text + decoder.decode(bytes);
  } catch {
    throw apiFault("invalid_request", "The body is not valid UTF-8.");
  }
}
