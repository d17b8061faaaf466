// The browser's side of the HTTP API: one function per question.
import type { ApiError, ModelStatus, NextTokenResult } from "../api/wire.ts";
import type { Failure, Question } from "./types_v1.ts";

/** What the page asks the server. */
export interface Client {
  /** Rejects with an error whose `cause` is a Failure, or with an AbortError. */
  nextToken(question: Question, signal: AbortSignal): Promise<NextTokenResult>;
  /** The status now and at every change, until the server closes the stream or `signal` aborts. */
  statuses(signal: AbortSignal): AsyncIterable<ModelStatus>;
}

const PATH = "/api/next-token";

function failed(kind: Failure["kind"], message: string, detail: string): Error {
  return new Error(message, { cause: { kind, message, detail } satisfies Failure });
}

/** The failure behind an error of `nextToken`; null = it was aborted. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Error && error.cause !== undefined) return error.cause as Failure;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  const detail = String(error);
  return { kind: "trouble", message: "The page could not read the answer.", detail };
}

/** How an error of the API is to be taken: a request that is wrong stays wrong. */
function kindOf(status: number): Failure["kind"] {
  if (status === 503) return "loading";
  return status >= 400 && status < 500 && status !== 429 ? "refused" : "trouble";
}

async function refusal(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  const { error, code } = (typeof body === "object" && body !== null ? body : {}) as Partial<ApiError>;
  const message = error ?? `The server answered ${response.status}.`;
  return failed(kindOf(response.status), message, `POST ${PATH}: ${response.status} ${code ?? ""}`.trim());
}

/** The `data:` lines of an event stream, joined per event (https://html.spec.whatwg.org/#event-stream-interpretation). */
export async function* eventData(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).replaceAll("\r\n", "\n").split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split("\n").filter((line) => line.startsWith("data:"));
      if (lines.length > 0) yield lines.map((line) => line.replace(/^data: ?/, "")).join("\n");
    }
  }
}

/** A client over `fetch`. `name` tells the server which page asks, so that it can be fair. */
export function createClient(name: string, origin = ""): Client {
  const headers = { "content-type": "application/json", "x-nexttoken-client": name };
  return {
    async nextToken({ context, settings }, signal) {
      const body = JSON.stringify({ ...context, top_k: settings.topK, temperature: settings.temperature });
      const response = await fetch(origin + PATH, { method: "POST", headers, body, signal }).catch(
        (error) => {
          if (signal.aborted) throw error;
          throw failed("unreachable", "The server does not answer.", `POST ${PATH}: ${error.message}`);
        },
      );
      if (!response.ok) throw await refusal(response);
      return await response.json();
    },
    async *statuses(signal) {
      const response = await fetch(`${origin}/api/model/events`, { headers, signal });
      if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`);
      for await (const data of eventData(response.body)) yield JSON.parse(data);
    },
  };
}
