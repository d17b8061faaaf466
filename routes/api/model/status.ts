import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: ({ state }) => Response.json(modelStatusOf(state.engine.status())),
});
