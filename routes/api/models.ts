import { byMethod } from "../../lib/api/http/by_method.ts";
import { modelList, readModelQuery } from "../../lib/api/endpoints/models.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  GET: async ({ req, url, state }) => {
    return Response.json(await modelList(state.engine, readModelQuery(url), req.signal));
  },
});
