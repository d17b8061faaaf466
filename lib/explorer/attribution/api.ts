// The browser's side of POST /api/attribution: how far the work is, then its answer.
import type {
  AttributionAnswer,
  AttributionInput,
  AttributionProgress,
  AttributionResult,
} from "../../wire/attribution.ts";
import type { ApiError } from "../../wire/error.ts";
import { readEventData, request } from "../asking/api.ts";
import type { Failure } from "../session/types.ts";

export type AttributionBody = Partial<AttributionInput>;

/** Asks for attributions. Rejects with an error whose `cause` is a Failure, or with an AbortError. */
export interface AttributionApi {
  /** Progress as it comes, then one answer. */
  explain(
    body: AttributionBody,
    signal: AbortSignal,
  ): AsyncIterable<AttributionProgress | AttributionResult>;
  /** What it would cost. */
  estimate(body: AttributionBody, signal: AbortSignal): Promise<AttributionAnswer>;
}

/** A client over `fetch` that asks under a name of its own: it replaces no other question of the page. */
export function createAttributionApi(name: string, origin = "."): AttributionApi {
  const post = (body: AttributionBody, signal: AbortSignal, what: string, accept: string) =>
    request(`${origin}/api/attribution`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-nexttoken-client": `${name}.${what}`, accept },
      body: JSON.stringify(body),
      signal,
    });
  return {
    async *explain(body, signal) {
      const streamed = { ...body, stream: true };
      const response = await post(streamed, signal, "attribution", "text/event-stream");
      for await (const data of readEventData(response.body!)) yield throwFailure(JSON.parse(data));
    },
    estimate: async (body, signal) =>
      await (await post({ ...body, estimate: true }, signal, "estimate", "application/json")).json(),
  };
}

type Event = AttributionProgress | AttributionResult | ApiError;

/** Throws what a stream says of its own failure. */
function throwFailure(event: Event): AttributionProgress | AttributionResult {
  if (!("error" in event)) return event;
  const { error: message, code, field = null } = event;
  const failure: Failure = { kind: "trouble", message, detail: `POST /api/attribution: ${code}`, field };
  throw new Error(message, { cause: failure });
}
