// POST and DELETE /api/model/load: which model to load. What it may be called is checked by lib/hub, which alone knows.
import { z } from "zod";
import { DEVICE_CHOICES } from "../../config/config.ts";
import type { LoadRequest } from "../../engine/types.ts";
import { listDtypeNames } from "../../hub/folder/quantizations.ts";
import type { LoadInput } from "../../wire/models.ts";
import { answer, bodyOf, describeErrors, type Endpoint, schemaReferenceOf } from "../schemas/operation.ts";

export const loadInput = z.strictObject({
  model_id: z.string().min(1).meta({ format: "model-name" }).describe(
    "owner/name on the hub, with @revision where one is meant, a bundled id, a folder below an allowed root, or an " +
      "engine: llamacpp+http://host:port#tokenizer, openai+https://host#model. NEXTTOKEN_REMOTE_KEY goes to the " +
      "address of NEXTTOKEN_MODEL alone.",
  ),
  revision: z.string().nullable().default(null).describe(
    "A branch, tag or commit of the hub; default: main.",
  ),
  dtype: z.string().meta({ enum: listDtypeNames() }).nullable().default(null).describe(
    "The file to take: auto, fp32, fp16, q4, q4f16, q8, int8 …; GET /api/models?id=… lists those of a model.",
  ),
  device: z.enum(DEVICE_CHOICES).nullable().default(null).describe("Where it runs; default: as configured."),
}) satisfies z.ZodType<LoadInput>;

export const modelLoadEndpoint: Endpoint = {
  path: "/api/model/load",
  operations: {
    post: {
      operationId: "loadModel",
      summary: "Starts to load a model; the one in use serves until the new one is ready.",
      requestBody: bodyOf("LoadRequest"),
      responses: {
        200: answer("The status, with loading true.", schemaReferenceOf("ModelStatus")),
        ...describeErrors(400, 403, 409, 413, 415, 500, 503),
      },
    },
    delete: {
      operationId: "cancelLoad",
      summary: "Gives up the load that is under way; what has arrived is kept and resumed by the next load.",
      responses: {
        200: answer("The status.", schemaReferenceOf("ModelStatus")),
        ...describeErrors(403, 500),
      },
    },
  },
  schemas: { LoadRequest: [loadInput, "input"] },
};

/** A load request as the engine has it. */
export function loadRequest({ model_id, dtype, ...rest }: LoadInput): LoadRequest {
  return { modelId: model_id, variant: dtype, ...rest };
}
