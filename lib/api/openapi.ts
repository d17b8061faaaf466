// The OpenAPI 3.1 document, made from the same schemas that validate requests.
import { z } from "zod";
import { DECODE_SCHEMAS, decodePaths } from "./openapi_decode.ts";
import { MODEL_SCHEMAS, modelPaths } from "./openapi_models.ts";
import { answer, answerOrEvents, errors, jobOperation, type Json, reference } from "./openapi_parts.ts";
import { apiErrorSchema, nextTokenResult } from "./response_schemas.ts";
import { nextTokenRequest } from "./schemas.ts";

const SCHEMAS = {
  NextTokenRequest: [nextTokenRequest, "input"],
  NextTokenResult: [nextTokenResult, "output"],
  ...MODEL_SCHEMAS,
  ...DECODE_SCHEMAS,
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
      "/api/next-token": {
        post: jobOperation({
          id: "nextToken",
          summary: "The most probable next tokens of a text.",
          request: "NextTokenRequest",
          response: answerOrEvents("The distribution.", reference("NextTokenResult")),
        }),
      },
      ...decodePaths(),
      ...modelPaths(),
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

function componentSchemas(): Json {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, [schema, io]]) => {
      const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
      return [name, json];
    }),
  );
}
