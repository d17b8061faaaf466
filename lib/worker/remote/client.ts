// Asking another engine: its answers as JSON, and what goes wrong as sentences. The key goes to this address alone:
// redirects are not followed.
import { messageOf } from "../../basics/message_of.ts";
import { type Fault, fault, faultOf } from "../../fault.ts";

/** Milliseconds that an answer may take: a long prompt on a slow engine. */
const TIMEOUT_MS = 120_000;
const SHOWN = 200; // characters of the engine's own words
/** Bytes of an answer: the whole of a large vocabulary, or the scores of a long prompt, take a fifth of it. */
const MOST_BYTES = 256 * 2 ** 20;
/** Seconds after which an engine that is away, slow or in trouble is asked again. */
const AGAIN_S = 2;
const LATEST_AGAIN_S = 600;

export class RemoteClient {
  readonly url: string;
  readonly #key: string | null;
  readonly #timeoutMs: number;

  constructor(url: string, key: string | null, timeoutMs = TIMEOUT_MS) {
    this.url = url;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  /** The answer of a path; `body` makes it a POST. Null where there is no such path. Throws faults; rejects with an
   * AbortError. */
  async ask(path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(path, signal, body);
    if (response.status === 404) {
      await response.body?.cancel();
      return null;
    }
    const text = await readText(response).catch((error) => {
      signal.throwIfAborted();
      throw error instanceof DOMException && error.name === "TimeoutError" ? this.#slow() : this.#away(error);
    });
    if (text === null) {
      const most = MOST_BYTES / 2 ** 20;
      throw fault(
        "inference_failed",
        `The engine at ${this.url} answered ${path} with more than ${most} MB.`,
      );
    }
    if (!response.ok) throw this.#refused(response, text);
    try {
      return JSON.parse(text);
    } catch {
      throw fault("inference_failed", `The engine at ${this.url} answered ${path} with what is no JSON.`);
    }
  }

  async #fetch(path: string, signal: AbortSignal, body: unknown): Promise<Response> {
    const headers = new Headers({ accept: "application/json" });
    if (this.#key !== null) headers.set("authorization", `Bearer ${this.#key}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const init = {
      method: body === undefined ? "GET" : "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual" as const,
      signal: AbortSignal.any([signal, timeout]),
    };
    try {
      return await fetch(`${this.url}${path}`, init);
    } catch (error) {
      signal.throwIfAborted();
      if (!timeout.aborted) throw this.#away(error);
      throw this.#slow();
    }
  }

  /** Words of the engine, which may repeat what we sent. */
  #withoutKey(words: string): string {
    if (this.#key === null) return words;
    return words.replaceAll(this.#key, "…").replaceAll(encodeURIComponent(this.#key), "…");
  }

  #slow(): Error {
    return passingError(`The engine at ${this.url} gave no answer within ${this.#timeoutMs / 1000} s.`);
  }

  #away(error: unknown): Error {
    const why = messageOf(error).slice(0, SHOWN);
    return passingError(`The engine at ${this.url} cannot be reached (${why}). When it is back, ask again.`);
  }

  #refused({ status, headers }: Response, text: string): Error {
    if (status >= 300 && status < 400) {
      const to = headers.get("location") ?? "another address";
      return fault(
        "inference_failed",
        `The engine at ${this.url} sends on to ${this.#withoutKey(to)}. Name that address instead.`,
      );
    }
    if (status === 401 || status === 403) {
      const key = this.#key === null
        ? "It wants a key: set NEXTTOKEN_REMOTE_KEY."
        : "It does not take this key.";
      return fault("inference_failed", `The engine at ${this.url} refuses us (${status}). ${key}`);
    }
    const wait = readSeconds(headers.get("retry-after"));
    if (status === 429) {
      const cause: Fault = { code: "queue_full", ...wait === null ? {} : { again: wait } };
      return new Error(`The engine at ${this.url} has too much to do. Ask again in a moment.`, { cause });
    }
    const words = this.#withoutKey(readSentence(text)).slice(0, SHOWN);
    const again = status >= 500 ? { again: wait ?? AGAIN_S } : {};
    const cause: Refusal = { code: "inference_failed", status, words, ...again };
    return new Error(`The engine at ${this.url} answered ${status}: ${words}`, { cause });
  }
}

/** A body as text; null where it is larger than any answer. */
async function readText({ body }: Response): Promise<string | null> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of body) { // leaving it cancels the body
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) return null;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Retry-After, in seconds or as a date; null where it says neither. */
function readSeconds(value: string | null): number | null {
  if (value === null) return null;
  const seconds = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(LATEST_AGAIN_S, Math.max(1, Math.ceil(seconds)));
}

function passingError(sentence: string): Error {
  const cause: Fault = { code: "inference_failed", again: AGAIN_S };
  return new Error(sentence, { cause });
}

interface Refusal extends Fault {
  readonly status: number;
  readonly words: string; // the engine's own
}

/** What an engine said against a request (statuses of 400); null for every other error. */
export function refusalOf(error: unknown): string | null {
  const cause = faultOf(error) as Partial<Refusal> | null;
  return cause?.status !== undefined && cause.status < 500 ? cause.words ?? "" : null;
}

/** What an error's body says, in the shapes that engines have. */
function readSentence(text: string): string {
  try {
    const { error, message, detail } = JSON.parse(text);
    return String(error?.message ?? error ?? message ?? detail ?? text);
  } catch {
    return text.trim() || "nothing.";
  }
}
