// GET /v1/models and /v1/models/{id}: the model that serves.
import { HttpError } from "fresh";
import { z } from "zod";
import type { Engine } from "../../engine/types.ts";
import { openAiGet } from "./operation.ts";

const model = z.object({
  id: z.string(),
  object: z.literal("model"),
  created: z.int().describe("0: files have no such time."),
  owned_by: z.string(),
  max_model_len: z.int().min(1).describe("The context length in tokens."),
  meta: z.object({ n_vocab: z.int(), n_ctx_train: z.int() }).describe(
    "The same, as llama.cpp's server says it.",
  ),
});

export const openAiModelsEndpoint = openAiGet(
  "/v1/models",
  "openAiModels",
  "The model that serves, as OpenAI's API lists models.",
  z.object({ object: z.literal("list"), data: z.array(model) }),
);

export const openAiModelEndpoint = openAiGet(
  "/v1/models/{id}",
  "openAiModel",
  "The model that serves, by its id; slashes in it stay as they are.",
  model,
);

type OpenAiModel = z.output<typeof model>;

/** None while the first model is loading. */
export function openAiModels(
  engine: Pick<Engine, "status">,
): { object: "list"; data: readonly OpenAiModel[] } {
  const { model } = engine.status();
  if (model.state !== "ready") return { object: "list", data: [] };
  const { id, contextLength, vocabSize } = model.info;
  const [owned_by] = id.includes("/") ? id.split("/") as [string] : ["bundled"];
  return {
    object: "list",
    data: [{
      id,
      object: "model",
      created: 0,
      owned_by,
      max_model_len: contextLength,
      meta: { n_vocab: vocabSize, n_ctx_train: contextLength },
    }],
  };
}

/** `id` as it stands in the path. Throws not_found for another model than the one that serves. */
export function openAiModel(engine: Pick<Engine, "status">, id: string): OpenAiModel {
  const { data } = openAiModels(engine);
  const wanted = id.replaceAll(/%2F/gi, "/");
  const found = data.find((one) => one.id === wanted);
  if (found !== undefined) return found;
  const serving = data.length === 0 ? "No model serves yet." : `${data[0]!.id} serves.`;
  throw new HttpError(404, `There is no model ${JSON.stringify(wanted)} here. ${serving}`);
}
