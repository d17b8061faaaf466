// The operations about models, for the OpenAPI document.
import { answer, errors, type Json, reference } from "./openapi_parts.ts";
import { modelListSchema, modelStatusSchema } from "./response_schemas.ts";
import { loadInput, MODELS_PARAMETERS } from "./schemas_load.ts";

export const MODEL_SCHEMAS = {
  LoadRequest: [loadInput, "input"],
  ModelList: [modelListSchema, "output"],
  ModelStatus: [modelStatusSchema, "output"],
} as const;

export function modelPaths(): Json {
  return {
    "/api/models": {
      get: {
        operationId: "listModels",
        summary: "The loaded model, those that could be loaded, and the files of one of them.",
        parameters: MODELS_PARAMETERS,
        responses: {
          200: answer("The models.", reference("ModelList")),
          ...errors(400, 403, 422, 500),
        },
      },
    },
    "/api/model/status": {
      get: {
        operationId: "modelStatus",
        summary: "The loaded model, and how far a load is.",
        responses: { 200: answer("The status.", reference("ModelStatus")), ...errors(403, 500) },
      },
    },
    "/api/model/load": {
      post: {
        operationId: "loadModel",
        summary: "Starts to load a model; the one in use serves until the new one is ready.",
        requestBody: {
          required: true,
          content: { "application/json": { schema: reference("LoadRequest") } },
        },
        responses: {
          200: answer("The status, with loading true.", reference("ModelStatus")),
          ...errors(400, 403, 409, 413, 415, 500, 503),
        },
      },
      delete: {
        operationId: "cancelLoad",
        summary:
          "Gives up the load that is under way; what has arrived is kept and resumed by the next load.",
        responses: { 200: answer("The status.", reference("ModelStatus")), ...errors(403, 500) },
      },
    },
    "/api/model/events": { get: eventsOperation() },
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
