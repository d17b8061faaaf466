import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { listModels, readModelQuery } from "../../lib/api/endpoints/models.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: async ({ req, url, state }) => {
    return Response.json(await listModels(state.engine, readModelQuery(url), req.signal));
  },
});
