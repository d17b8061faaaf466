// Reads a JSON body without trusting its sender: type, size and syntax are checked before anything else sees it.
import { concat } from "../../basics/concat.ts";
import { messageOf } from "../../basics/message_of.ts";
import { apiFault } from "./errors.ts";
import { asPythonReads } from "./exact_json.ts";

/** Milliseconds that the next part of a body is waited for. */
const PROGRESS_MS = 30_000;

export const BODY_LIMIT = 1024 * 1024; // bytes

/** The parsed JSON of a request. Throws unsupported_media_type (415), body_too_large (413), invalid_request (400
 * with the place of the mistake) and, where the sender stops half-way, invalid_request too. */
export async function readJson(
  request: Request,
  limit: number = BODY_LIMIT,
  progressMs: number = PROGRESS_MS,
): Promise<unknown> {
  checkType(request.headers.get("content-type"));
  checkEncoding(request.headers.get("content-encoding"));
  const text = decodeUtf8(await readBytes(request, limit, progressMs));
  try {
    return asPythonReads(JSON.parse(text), text);
  } catch (error) {
    const reason = messageOf(error).replace(/\.$/, ""); // V8 names the position, or quotes the place
    throw apiFault("invalid_request", `The body is not valid JSON: ${reason}.`);
  }
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
async function readBytes(request: Request, limit: number, progressMs: number): Promise<Uint8Array> {
  const tooLarge = () => apiFault("body_too_large", `The body must have at most ${limit} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of chunksOf(request, progressMs)) {
    size += part.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  return concat(Uint8Array, parts);
}

/** The body's chunks. Leaving early leaves the rest to the server (lib/server/listen.ts drops it): to cancel it here would
 * end the connection, and the answer with it. */
async function* chunksOf(request: Request, progressMs: number): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  try {
    while (true) {
      const { done, value } = await readNext(reader, progressMs);
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function readNext(reader: ReadableStreamDefaultReader<Uint8Array>, progressMs: number) {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), progressMs);
  const reading = reader.read().catch(() => {
    throw apiFault("invalid_request", "The body ended before it was complete.");
  });
  const next = await Promise.race([reading, late.promise]).finally(() => clearTimeout(timer));
  if (next !== null) return next;
  reading.catch(() => {}); // the connection is closed behind the answer
  throw apiFault("body_timeout", `Nothing of the body came for ${progressMs / 1000} seconds. Send it again.`);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw apiFault("invalid_request", "The body is not valid UTF-8.");
  }
}
