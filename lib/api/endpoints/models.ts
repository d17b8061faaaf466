// GET /api/models: the loaded model, those that could be loaded, and the files of one of them.
import { z } from "zod";
import { messageOf } from "../../basics/message_of.ts";
import { faultOf } from "../../fault.ts";
import { isNamePart } from "../../hub/folder/names.ts";
import { apiFault } from "../http/errors.ts";
import { describeUnknownField } from "../http/parse.ts";
import type { Engine, EngineStatus } from "../../engine/types.ts";
import type { ModelVariants } from "../../hub/folder/types.ts";
import type { AvailableModel, ModelList, ModelVariantList } from "../../wire/models.ts";
import { answer, describeErrors, type Endpoint, schemaReferenceOf } from "../schemas/operation.ts";
import { count } from "../schemas/token.ts";

const variantList = z.object({
  id: z.string(),
  source: z.string().describe("The repository that holds the files; another one where id has no ONNX files."),
  license: z.string().nullable(),
  files: z.array(z.object({
    file: z.string(),
    dtype: z.string().describe("What POST /api/model/load calls it."),
    bytes: count.describe("With its external data."),
    fidelity: z.string().describe("What this file costs, as a sentence."),
    cached: z.boolean().describe("Nothing has to be fetched."),
    chosen: z.boolean().describe("What a load without a dtype takes."),
    fits: z.boolean().nullable().describe("Whether the memory that is free now holds it; null = unknown."),
  })),
}) satisfies z.ZodType<ModelVariantList>;

export const modelListSchema = z.object({
  models: z.array(z.string()).describe("The loaded model, if any."),
  available: z.array(z.object({
    id: z.string(),
    label: z.string(),
    parameters: count.nullable(),
    bytes: count,
    dtype: z.string(),
    license: z.string().nullable(),
    cached: z.boolean(),
    bundled: z.boolean(),
  })),
  variants: variantList.optional().describe("The files of the model that the query names as id."),
}) satisfies z.ZodType<ModelList>;

const NAME_PART = "[A-Za-z0-9_]+([._-][A-Za-z0-9_]+)*";
/** The query, as parameters of the OpenAPI document. */
const PARAMETERS = [
  {
    name: "id",
    description: "List the files of this model too; this may ask the hub.",
    schema: { type: "string", maxLength: 96, pattern: `^${NAME_PART}(/${NAME_PART})?$` },
  },
  {
    name: "revision",
    description: "A branch, tag or commit of that model.",
    schema: { type: "string", minLength: 1 },
  },
].map((parameter) => ({ ...parameter, in: "query", required: false }));

export const modelsEndpoint: Endpoint = {
  path: "/api/models",
  operations: {
    get: {
      operationId: "listModels",
      summary: "The loaded model, those that could be loaded, and the files of one of them.",
      parameters: PARAMETERS,
      responses: {
        200: answer("The models.", schemaReferenceOf("ModelList")),
        ...describeErrors(400, 403, 404, 422, 500),
      },
    },
  },
  schemas: { ModelList: [modelListSchema, "output"] },
};

/** The query's fields. Throws invalid_request for others, and for one that is named twice. */
export function readModelQuery({ searchParams }: URL): ModelQuery {
  const names = PARAMETERS.map(({ name }) => name);
  for (const name of searchParams.keys()) {
    if (!names.includes(name)) throw apiFault("invalid_request", describeUnknownField(name, names), name);
    if (searchParams.getAll(name).length > 1) throw apiFault("invalid_request", `Name ${name} once.`, name);
  }
  return { id: searchParams.get("id"), revision: searchParams.get("revision") };
}

interface ModelQuery {
  readonly id: string | null;
  readonly revision: string | null;
}

/** The list, and with an `id` that model's files. */
export async function listModels(
  engine: Engine,
  { id, revision }: ModelQuery,
  signal: AbortSignal,
): Promise<ModelList> {
  const [available, variants] = await Promise.all([
    engine.models(),
    id === null ? null : engine.variants(id, revision, signal).catch((error) => throwNotFound(error, id)),
  ]);
  return listOf(engine.status(), available, variants);
}

/** A well-formed name that no folder has is not found; all else is thrown as it is. */
function throwNotFound(error: unknown, id: string): never {
  if (faultOf(error)?.code !== "invalid_request" || !isNamePart(id)) throw error;
  throw apiFault("model_not_found", messageOf(error), "id");
}

function listOf(
  { model }: EngineStatus,
  available: readonly AvailableModel[],
  variants: ModelVariants | null,
): ModelList {
  const list = { models: model.state === "ready" ? [model.info.id] : [], available };
  return variants === null ? list : { ...list, variants };
}
