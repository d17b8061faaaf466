// What an endpoint says of itself in the OpenAPI document, and the pieces that its operations share.
import type { z } from "zod";
import { STATUS_OF } from "../http/errors.ts";
import { MOST_NAMES } from "../http/json_size.ts";

export type Json = Record<string, unknown>;

/** Schemas by their name in the document: what is sent, or what is answered. `nulls`: any field may be null, which
 * counts as left out. */
export type Schemas = Readonly<
  Record<string, readonly [schema: z.ZodType, io: "input" | "output", nulls?: boolean]>
>;

/** One path of the API. */
export interface Endpoint {
  readonly path: string;
  readonly operations: Json; // by method
  readonly schemas: Schemas;
}

const EXPLAINED: Readonly<Record<number, string>> = {
  400: "The request is malformed: error says what to change, field where.",
  403: "The Host or the Origin is not allowed, or the model is locked.",
  404: "There is no such model here.",
  409: "Another model is being loaded, or serves in place of the one whose model_key was sent.",
  413: `The body is larger than 1 MiB, or its objects have more than ${MOST_NAMES} names together.`,
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
export function describeErrors(...statuses: (keyof typeof EXPLAINED)[]): Json {
  return Object.fromEntries(statuses.map((status) => {
    const codes = Object.entries(STATUS_OF).filter(([, of]) => of === status).map(([code]) => code);
    return [status, answer(`${EXPLAINED[status]} Codes: ${codes.join(", ")}.`, schemaReferenceOf("Error"))];
  }));
}

/** A reference to a schema of the document's components. */
export function schemaReferenceOf(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** The header that names a page. */
const CLIENT_PARAMETER: Json = {
  name: "X-NextToken-Client",
  in: "header",
  required: false,
  description: "Names one page, by 1 to 64 letters, digits and ._:-: its newer request ends its older one. " +
    "Anything else counts as no name.",
  schema: { type: "string" },
};

/** One server-sent event: its name and, in data, its JSON. */
export function eventsOf(description: string, data: Json = {}): Json {
  return {
    type: "object",
    required: ["data"],
    properties: {
      event: { type: "string" },
      data: { type: "string", contentMediaType: "application/json", ...data },
    },
    description,
  };
}

/** As `answer`, or as events where the client asks for them. */
function answerOrEvents(description: string, schema: Json, events = PROGRESS): Json {
  return {
    description,
    content: { "application/json": { schema }, "text/event-stream": { schema: eventsOf(events) } },
  };
}

const PROGRESS =
  "With Accept: text/event-stream: events `progress` {done, total}, then one `result`, or `error`.";

interface JobEndpoint {
  readonly path: string;
  readonly id: string; // "nextToken": the schemas are NextTokenRequest and NextTokenResult
  readonly summary: string;
  readonly request: z.ZodType;
  readonly result: z.ZodType;
  /** What the answer is; default: the summary. */
  readonly answers?: string;
  /** What is streamed; default: progress, then the result. */
  readonly events?: string;
  /** Further schemas that are named. */
  readonly schemas?: Schemas;
}

/** A POST that is one job of the model. */
export function jobEndpoint(job: JobEndpoint): Endpoint {
  const { path, id, summary, request, result, answers = summary, events, schemas = {} } = job;
  const name = `${id[0]!.toUpperCase()}${id.slice(1)}`;
  const operation = {
    operationId: id,
    summary,
    parameters: [CLIENT_PARAMETER],
    requestBody: bodyOf(`${name}Request`),
    responses: {
      200: answerOrEvents(answers, schemaReferenceOf(`${name}Result`), events),
      ...describeErrors(400, 403, 409, 413, 415, 422, 429, 499, 500, 503),
    },
  };
  return {
    path,
    operations: { post: operation },
    schemas: { [`${name}Request`]: [request, "input"], [`${name}Result`]: [result, "output"], ...schemas },
  };
}

/** The body of a POST, as JSON of a schema of the document's components. */
export function bodyOf(name: string): Json {
  return { required: true, content: { "application/json": { schema: schemaReferenceOf(name) } } };
}
