import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import { openAiModel } from "../../../lib/api/openai/models.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: ({ state, params }) => Response.json(openAiModel(state.engine, params.id!)),
});
