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
  openAiHealthEndpoint,
  propsEndpoint,
  tokenizerInfoEndpoint,
} from "./llamacpp/text.ts";
import { chatEndpoint } from "./openai/chat.ts";
import { decideEndpoint } from "./openai/decide.ts";
import { completionsEndpoint } from "./openai/completions.ts";
import { openAiModelEndpoint, openAiModelsEndpoint } from "./openai/models.ts";
import type { ModelInfo } from "../protocol/model_info.ts";
import { apiErrorSchema } from "./schemas/error.ts";
import { answer, describeErrors, type Endpoint, type Json } from "./schemas/operation.ts";

const openApiEndpoint: Endpoint = {
  path: "/api/openapi.json",
  operations: {
    get: {
      operationId: "openApi",
      summary: "This document.",
      responses: { 200: answer("An OpenAPI document.", { type: "object" }), ...describeErrors(403) },
    },
  },
  schemas: { Error: [apiErrorSchema, "output"] },
};

type ModelFacts = Pick<ModelInfo, "vocabSize" | "hasBos" | "chatTemplates">;

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
  openAiHealthEndpoint,
  openApiEndpoint,
];

/** The document that GET /api/openapi.json serves. Where a model serves, it says what that one takes: which token ids
 * there are, whether an empty text is a context, and the names of its chat templates. */
export function openApiDocument(model: ModelFacts | null): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Next Token",
      version: "1.0.0",
      description: "Every next token of a text, with its probability. JSON in, JSON out.",
    },
    servers: [{ url: "/" }], // below a path another one: lib/api/http/base_path.ts
    paths: Object.fromEntries(ENDPOINTS.map(({ path, operations }) => [path, operations])),
    components: { schemas: fitToModel(listSchemas(), model) as Json },
  };
}

function listSchemas(): Json {
  const schemas = ENDPOINTS.flatMap((endpoint) => Object.entries(endpoint.schemas));
  return Object.fromEntries(schemas.map(([name, [schema, io, nulls = false]]) => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    return [name, nulls ? withNulls(json) : json];
  }));
}

/** Every field that need not be sent may be null. */
function withNulls(schema: Json): Json {
  const required = (schema.required ?? []) as readonly string[];
  const fields = Object.entries(schema.properties as Record<string, Json>).map(([name, field]) =>
    required.includes(name) ? [name, field] : [name, { anyOf: [field, { type: "null" }] }]
  );
  return { ...schema, properties: Object.fromEntries(fields) };
}

/** The bound of a number, or of a name that is one. */
function boundOf({ pattern }: Json, vocabSize: number): Json {
  return pattern === undefined
    ? { maximum: vocabSize - 1 }
    : { pattern: `^(${writeNumbersBelow(vocabSize)})$` };
}

/** A regular expression of the whole numbers from 0 to `limit` - 1, in decimal without zeros before them. */
function writeNumbersBelow(limit: number): string {
  const digits = String(limit);
  const shorter = digits.length === 1 ? [] : [
    "[0-9]",
    ...Array.from({ length: digits.length - 2 }, (_, more) => `[1-9][0-9]{${more + 1}}`),
  ];
  const same = [...digits].flatMap((digit, at) => {
    const from = at === 0 && digits.length > 1 ? 1 : 0;
    const rest = digits.length - at - 1;
    return Number(digit) <= from
      ? []
      : [`${digits.slice(0, at)}[${from}-${Number(digit) - 1}]${rest === 0 ? "" : `[0-9]{${rest}}`}`];
  });
  return [...shorter, ...same].join("|");
}

/** Says of fields that are marked (TOKEN_ID, CONTEXT_TEXT, TEMPLATE_NAME) what the model makes of them. */
function fitToModel(schema: unknown, model: ModelFacts | null): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((part) => fitToModel(part, model));
  const { "x-token-id": isToken, "x-context": isContext, "x-template": isTemplate, ...parts } =
    schema as Json;
  const names = isTemplate !== true || model === null ? {} : { enum: [...model.chatTemplates ?? [], null] };
  const bound = isToken !== true || model === null ? {} : boundOf(parts, model.vocabSize);
  const length = isContext === true && model?.hasBos === false ? { minLength: 1 } : {};
  const entries = Object.entries(parts).map(([name, part]) => [name, fitToModel(part, model)]);
  return { ...Object.fromEntries(entries), ...bound, ...length, ...names };
}
