import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { openAiModels } from "../../lib/api/openai/models.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: ({ state }) => Response.json(openAiModels(state.engine)),
});
