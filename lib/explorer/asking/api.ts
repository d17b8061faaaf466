// The browser's side of the HTTP API: one function per question.
import type { ApiError } from "../../wire/error.ts";
import type { ModelStatus } from "../../wire/models.ts";
import type { ChoicesResult } from "../../wire/choices.ts";
import type { JobProgress } from "../../wire/progress.ts";
import type { PreviewResult } from "../../wire/preview.ts";
import type { StepResult } from "../../wire/step.ts";
import type { TokenizeResult } from "../../wire/tokenize.ts";
import type { VocabularyInput, VocabularyResult } from "../../wire/vocabulary.ts";
import type { PreviewBody, StepRequest } from "./request.ts";
import type { Failure } from "../session/types.ts";

/** What the page asks the server. Every question rejects with an error whose `cause` is a Failure, or with an
 * AbortError. */
export interface Api {
  /** `onProgress`: it may take long, and how far it is shall be told. */
  preview(
    body: PreviewBody,
    signal: AbortSignal,
    onProgress?: (progress: JobProgress) => void,
  ): Promise<PreviewResult>;
  step(body: StepRequest, signal: AbortSignal): Promise<StepResult>;
  /** `asker`: which part of the page asks; a newer question of the same one replaces the older one, of no other. */
  tokenize(
    text: string,
    modelKey: string | null,
    signal: AbortSignal,
    asker?: string,
  ): Promise<TokenizeResult>;
  vocabulary(body: Partial<VocabularyInput>, signal: AbortSignal, asker?: string): Promise<VocabularyResult>;
  /** What each option of a choice is worth as a whole. */
  choices(body: PreviewBody, signal: AbortSignal): Promise<ChoicesResult>;
  /** As preview, in the shadow of the page's own questions: neither breaks off the other. `shadow`: which of them. */
  peek(body: PreviewBody, signal: AbortSignal, shadow?: "peek" | "ahead"): Promise<PreviewResult>;
  /** The status now and at every change, until the server closes the stream or `signal` aborts. */
  statuses(signal: AbortSignal): AsyncIterable<ModelStatus>;
}

/** An error of the API, or of what stands before it. */
export function failureError(failure: Failure): Error {
  return new Error(failure.message, { cause: failure });
}

/** The failure behind an error of the API; null = it was aborted. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Error && error.cause !== undefined) return error.cause as Failure;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  const message = "The page could not read the answer.";
  return { kind: "trouble", message, detail: String(error), field: null };
}

/** How an error of the API is to be taken: a request that is wrong stays wrong. */
function kindOf(status: number, code: string | undefined): Failure["kind"] {
  if (code === "model_changed") return "changed";
  if (status === 503) return "loading";
  return status >= 400 && status < 500 && status !== 429 ? "refused" : "trouble";
}

async function readRefusal(what: string, response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  const again = Number(response.headers.get("retry-after")); // seconds
  const { error, code, field = null } = (typeof body === "object" && body !== null ? body : {}) as Partial<
    ApiError
  >;
  return failureError({
    kind: kindOf(response.status, code),
    message: error ?? `The server answered ${response.status}.`,
    detail: `${what}: ${response.status} ${code ?? ""}`.trim(),
    field,
    ...again > 0 && { again },
  });
}

/** The `data:` of each event of a stream (https://html.spec.whatwg.org/#event-stream-interpretation). The first view
 * waits for none. */
export async function* readEventData(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const { createParser } = await import("eventsource-parser");
  const ready: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => ready.push(data) });
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    parser.feed(text);
    yield* ready.splice(0);
  }
}

/** The JSON that an address answers with. Rejects with an error whose `cause` is a Failure, or with an AbortError. */
export async function requestJson<T>(address: string, init: RequestInit): Promise<T> {
  return await (await request(address, init)).json();
}

/** The answer of an address that did not refuse. Rejects as `requestJson`. */
export async function request(address: string, init: RequestInit): Promise<Response> {
  const what = `${init.method ?? "GET"} ${address}`;
  const response = await fetch(address, init).catch((error) => {
    if (init.signal?.aborted) throw error;
    const detail = `${what}: ${error.message}`;
    throw failureError({ kind: "unreachable", message: "The server does not answer.", detail, field: null });
  });
  if (!response.ok) throw await readRefusal(what, response);
  return response;
}

/** The answer of an address in events, of which all but the last say how far it is. Rejects as `requestJson`. */
async function followAnswer<T extends object>(
  address: string,
  init: RequestInit,
  onProgress: (progress: JobProgress) => void,
): Promise<T> {
  const detail = `${init.method} ${address}`;
  const response = await request(address, init);
  for await (const data of readEventData(response.body!)) {
    const event: JobProgress | ApiError | T = JSON.parse(data);
    if ("error" in event) {
      const { error: message, code, field = null } = event as ApiError;
      throw failureError({ kind: kindOf(0, code), message, detail: `${detail}: ${code}`, field });
    }
    if (!("done" in event && "total" in event)) return event as T;
    onProgress(event as JobProgress);
  }
  const message = "The server ended before it answered.";
  throw failureError({ kind: "trouble", message, detail, field: null });
}

/** A client over `fetch`, by default of the server below the page. `name` tells the server which page asks: a newer
 * question of it replaces the older one. */
export function createApi(name: string, origin = "."): Api {
  const headersOf = (client: string) => ({
    "content-type": "application/json",
    "x-nexttoken-client": client,
  });
  const post = <T>(path: string, body: unknown, signal: AbortSignal, client = name): Promise<T> => {
    const request = { method: "POST", headers: headersOf(client), body: JSON.stringify(body), signal };
    return requestJson(origin + path, request);
  };
  return {
    preview: (body, signal, onProgress) =>
      onProgress === undefined ? post("/api/preview", body, signal) : followAnswer(origin + "/api/preview", {
        method: "POST",
        headers: { ...headersOf(name), accept: "text/event-stream" },
        body: JSON.stringify(body),
        signal,
      }, onProgress),
    step: (body, signal) => post("/api/step", body, signal),
    tokenize: (text, modelKey, signal, asker = "tokenize") =>
      post("/api/tokenize", { text, model_key: modelKey }, signal, `${name}.${asker}`),
    vocabulary: (body, signal, asker = "vocabulary") =>
      post("/api/vocabulary", body, signal, `${name}.${asker}`),
    choices: (body, signal) => post("/api/constraint/choices", body, signal, `${name}.choices`),
    peek: (body, signal, shadow = "peek") =>
      post("/api/preview", { ...body, aside: true }, signal, `${name}.${shadow}`),
    async *statuses(signal) {
      const response = await fetch(`${origin}/api/model/events`, { headers: headersOf(name), signal });
      if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`);
      for await (const data of readEventData(response.body)) yield JSON.parse(data);
    },
  };
}
