// The OpenAPI 3.1 document, made from the same schemas that validate requests.
import { z } from "zod";
import { classroomEndpoint } from "./endpoints/classroom.ts";
import { constraintChoicesEndpoint } from "./endpoints/constraint_choices.ts";
import { constraintCheckEndpoint } from "./endpoints/constraint_check.ts";
import { attributionEndpoint } from "./endpoints/attribution.ts";
import { generateEndpoint } from "./endpoints/generate.ts";
import { modelEventsEndpoint } from "./endpoints/model_events.ts";
import { modelLoadEndpoint } from "./endpoints/model_load.ts";
import { modelStatusEndpoint } from "./endpoints/model_status.ts";
import { modelsEndpoint } from "./endpoints/models.ts";
import { nextTokenEndpoint } from "./endpoints/next_token.ts";
import { previewEndpoint } from "./endpoints/preview.ts";
import { stepEndpoint } from "./endpoints/step.ts";
import { tokenizeEndpoint } from "./endpoints/tokenize.ts";
import { vocabularyEndpoint } from "./endpoints/vocabulary.ts";
import { llamaCompletionEndpoint } from "./llamacpp/completion.ts";
import {
  applyTemplateEndpoint,
  clientDetokenizeEndpoint,
  clientTokenizeEndpoint,
  healthEndpoint,
  propsEndpoint,
  tokenizerInfoEndpoint,
} from "./llamacpp/text.ts";
import { chatEndpoint } from "./openai/chat.ts";
import { decideEndpoint } from "./openai/decide.ts";
import { completionsEndpoint } from "./openai/completions.ts";
import { openAiModelEndpoint, openAiModelsEndpoint } from "./openai/models.ts";
import { apiErrorSchema } from "./schemas/error.ts";
import { answer, type Endpoint, errors, type Json } from "./schemas/operation.ts";

const openApiEndpoint: Endpoint = {
  path: "/api/openapi.json",
  operations: {
    get: {
      operationId: "openApi",
      summary: "This document.",
      responses: { 200: answer("An OpenAPI document.", { type: "object" }), ...errors(403) },
    },
  },
  schemas: { Error: [apiErrorSchema, "output"] },
};

/** Every endpoint, in the order of the document. A test compares them with the routes. */
const ENDPOINTS: readonly Endpoint[] = [
  nextTokenEndpoint,
  previewEndpoint,
  stepEndpoint,
  generateEndpoint,
  attributionEndpoint,
  vocabularyEndpoint,
  tokenizeEndpoint,
  constraintCheckEndpoint,
  constraintChoicesEndpoint,
  modelsEndpoint,
  modelStatusEndpoint,
  modelLoadEndpoint,
  modelEventsEndpoint,
  classroomEndpoint,
  completionsEndpoint,
  chatEndpoint,
  decideEndpoint,
  openAiModelsEndpoint,
  openAiModelEndpoint,
  llamaCompletionEndpoint,
  clientTokenizeEndpoint,
  clientDetokenizeEndpoint,
  applyTemplateEndpoint,
  tokenizerInfoEndpoint,
  propsEndpoint,
  healthEndpoint,
  openApiEndpoint,
];

/** The document that GET /api/openapi.json serves. */
export function openApiDocument(): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Next Token",
      version: "1.0.0",
      description: "Every next token of a text, with its probability. JSON in, JSON out.",
    },
    paths: Object.fromEntries(ENDPOINTS.map(({ path, operations }) => [path, operations])),
    components: { schemas: componentSchemas() },
  };
}

function componentSchemas(): Json {
  const schemas = ENDPOINTS.flatMap((endpoint) => Object.entries(endpoint.schemas));
  return Object.fromEntries(schemas.map(([name, [schema, io]]) => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    return [name, json];
  }));
}
