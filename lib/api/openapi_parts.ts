// Pieces of the OpenAPI document that its operations share.
import { STATUS_OF } from "./errors.ts";

export type Json = Record<string, unknown>;

const EXPLAINED: Readonly<Record<number, string>> = {
  400: "The request is malformed: error says what to change, field where.",
  403: "The Host or the Origin is not allowed.",
  409: "Another model is being loaded, or serves in place of the one whose model_key was sent.",
  413: "The body is larger than 1 MiB.",
  415: "The body is not JSON, or it is compressed.",
  422: "The model cannot do this, for example because the text is too long.",
  429: "Too many requests wait; Retry-After says when to ask again.",
  499: "A newer request of the same X-NextToken-Client took its place.",
  500: "The inference failed; the log of the server says why.",
  503: "The model is still loading (see progress, Retry-After), or could not be loaded.",
};

/** A JSON response. */
export function answer(description: string, schema: Json): Json {
  return { description, content: { "application/json": { schema } } };
}

/** The error responses of some statuses, with the codes of each. */
export function errors(...statuses: (keyof typeof EXPLAINED)[]): Json {
  return Object.fromEntries(statuses.map((status) => {
    const codes = Object.entries(STATUS_OF).filter(([, of]) => of === status).map(([code]) => code);
    return [status, answer(`${EXPLAINED[status]} Codes: ${codes.join(", ")}.`, reference("Error"))];
  }));
}

/** A reference to a schema of the document's components. */
export function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** The header that names a page. */
export const CLIENT_PARAMETER: Json = {
  name: "X-NextToken-Client",
  in: "header",
  required: false,
  description: "Names one page: its newer request ends its older one.",
  schema: { type: "string", pattern: "^[\\w.:-]{1,64}$" },
};

/** As `answer`, or as events where the client asks for them. */
export function answerOrEvents(description: string, schema: Json, events = PROGRESS): Json {
  const stream = { schema: { type: "string", description: events } };
  return { description, content: { "application/json": { schema }, "text/event-stream": stream } };
}

const PROGRESS =
  "With Accept: text/event-stream: events `progress` {done, total}, then one `result`, or `error`.";

/** A POST that is one job of the model; `response` is its answer with status 200. */
export function jobOperation(
  { id, summary, request, response }: { id: string; summary: string; request: string; response: Json },
): Json {
  return {
    operationId: id,
    summary,
    parameters: [CLIENT_PARAMETER],
    requestBody: { required: true, content: { "application/json": { schema: reference(request) } } },
    responses: { 200: response, ...errors(400, 403, 409, 413, 415, 422, 429, 499, 500, 503) },
  };
}
