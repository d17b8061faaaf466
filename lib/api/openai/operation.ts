// What an endpoint that another server's clients ask says of itself in the OpenAPI document.
import type { z } from "zod";
import { STATUS_OF } from "../http/errors.ts";
import { openAiStatusOf } from "../http/openai_error.ts";
import { openAiErrorSchema } from "../schemas/error.ts";
import {
  answer,
  bodyOf,
  type Endpoint,
  eventsOf,
  type Json,
  schemaReferenceOf,
  type Schemas,
} from "../schemas/operation.ts";

/** Error responses of these paths by status. */
function openAiErrors(...statuses: readonly number[]): Json {
  const codes = Object.keys(STATUS_OF) as (keyof typeof STATUS_OF)[];
  return Object.fromEntries(statuses.map((status) => {
    const those = codes.filter((code) => openAiStatusOf(code) === status).join(", ");
    return [status, answer(`Codes: ${those}.`, schemaReferenceOf("OpenAiError"))];
  }));
}

const OPENAI_ERROR_SCHEMA: Schemas = { OpenAiError: [openAiErrorSchema, "output"] };

interface OpenAiEndpoint {
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly request: z.ZodType;
  readonly result: z.ZodType;
  /** A field that is null counts as one that is left out. */
  readonly nulls?: boolean;
  /** What is streamed; absent: nothing is. */
  readonly events?: string;
}

/** A POST that the model answers. */
export function openAiEndpoint(
  { path, id, summary, request, result, events, nulls = false }: OpenAiEndpoint,
): Endpoint {
  const name = `${id[0]!.toUpperCase()}${id.slice(1)}`;
  const json = answer(summary, schemaReferenceOf(`${name}Result`)) as { description: string; content: Json };
  const stream = {
    "text/event-stream": { schema: eventsOf(events ?? "", { contentMediaType: "text/plain" }) },
  };
  const content = events === undefined ? json.content : { ...json.content, ...stream };
  const operation = {
    operationId: id,
    summary,
    requestBody: bodyOf(`${name}Request`),
    responses: {
      200: { ...json, content },
      ...openAiErrors(400, 403, 409, 413, 415, 429, 499, 500, 503),
    },
  };
  return {
    path,
    operations: { post: operation },
    schemas: {
      [`${name}Request`]: [request, "input", nulls],
      [`${name}Result`]: [result, "output"],
      ...OPENAI_ERROR_SCHEMA,
    },
  };
}

/** A GET; what stands in braces in its path is a parameter. */
export function openAiGet(
  path: string,
  id: string,
  summary: string,
  result: z.ZodType,
): Endpoint {
  const name = `${id[0]!.toUpperCase()}${id.slice(1)}Result`;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
  const parameters = names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  const missing = names.length > 0 ? openAiErrors(404) : {};
  const responses = {
    200: answer(summary, schemaReferenceOf(name)),
    ...openAiErrors(403, 500, 503),
    ...missing,
  };
  return {
    path,
    operations: {
      get: { operationId: id, summary, ...names.length > 0 ? { parameters } : {}, responses },
    },
    schemas: { [name]: [result, "output"], ...OPENAI_ERROR_SCHEMA },
  };
}
