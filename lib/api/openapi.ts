// The OpenAPI 3.1 document, made from the same schemas that validate requests.
import { z } from "zod";
import { STATUS_OF } from "./errors.ts";
import { apiErrorSchema, modelListSchema, modelStatusSchema, nextTokenResult } from "./response_schemas.ts";
import { nextTokenRequest } from "./schemas.ts";

type Json = Record<string, unknown>;

const EXPLAINED: Readonly<Record<number, string>> = {
  400: "The request is malformed: error says what to change, field where.",
  403: "The Host or the Origin is not allowed.",
  413: "The body is larger than 1 MiB.",
  415: "The body is not JSON.",
  422: "The model cannot do this, for example because the text is too long.",
  429: "Too many requests wait; Retry-After says when to ask again.",
  500: "The inference failed; the log of the server says why.",
  503: "The model is still loading (see progress, Retry-After), or could not be loaded.",
};

const SCHEMAS = {
  NextTokenRequest: [nextTokenRequest, "input"],
  NextTokenResult: [nextTokenResult, "output"],
  ModelList: [modelListSchema, "output"],
  ModelStatus: [modelStatusSchema, "output"],
  Error: [apiErrorSchema, "output"],
} as const;

/** The document that GET /api/openapi.json serves. */
export function openApiDocument(): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Next Token",
      version: "1.0.0",
      description: "Every next token of a text, with its probability. JSON in, JSON out.",
    },
    paths: {
      "/api/next-token": { post: nextTokenOperation() },
      "/api/models": {
        get: read("listModels", "The loaded model and those that could be loaded.", "ModelList"),
      },
      "/api/model/status": {
        get: read("modelStatus", "The loaded model, or how far its load is.", "ModelStatus"),
      },
      "/api/model/events": { get: eventsOperation() },
      "/api/openapi.json": {
        get: {
          operationId: "openApi",
          summary: "This document.",
          responses: { 200: answer("An OpenAPI document.", { type: "object" }), ...errors(403) },
        },
      },
    },
    components: { schemas: componentSchemas() },
  };
}

function nextTokenOperation(): Json {
  return {
    operationId: "nextToken",
    summary: "The most probable next tokens of a text.",
    parameters: [{
      name: "X-NextToken-Client",
      in: "header",
      required: false,
      description: "Names one page: its newer request ends its older one.",
      schema: { type: "string", pattern: "^[\\w.:-]{1,64}$" },
    }],
    requestBody: {
      required: true,
      content: { "application/json": { schema: reference("NextTokenRequest") } },
    },
    responses: {
      200: answer("The distribution.", reference("NextTokenResult")),
      ...errors(400, 403, 413, 415, 422, 429, 500, 503),
    },
  };
}

function eventsOperation(): Json {
  return {
    operationId: "modelEvents",
    summary: "The status at once and after every change, as server-sent events with a ModelStatus in data.",
    responses: {
      200: {
        description: "A stream of events.",
        content: { "text/event-stream": { schema: { type: "string" } } },
      },
      ...errors(403),
    },
  };
}

function read(operationId: string, summary: string, schema: keyof typeof SCHEMAS): Json {
  return {
    operationId,
    summary,
    responses: { 200: answer(summary, reference(schema)), ...errors(403, 500) },
  };
}

function answer(description: string, schema: Json): Json {
  return { description, content: { "application/json": { schema } } };
}

function errors(...statuses: (keyof typeof EXPLAINED)[]): Json {
  return Object.fromEntries(statuses.map((status) => {
    const codes = Object.entries(STATUS_OF).filter(([, of]) => of === status).map(([code]) => code);
    return [status, answer(`${EXPLAINED[status]} Codes: ${codes.join(", ")}.`, reference("Error"))];
  }));
}

function reference(name: keyof typeof SCHEMAS): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function componentSchemas(): Json {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, [schema, io]]) => {
      const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
      return [name, json];
    }),
  );
}
