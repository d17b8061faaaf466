import { byMethod } from "../../lib/api/http/by_method.ts";
import { modelList } from "../../lib/api/endpoints/models.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  GET: async ({ req, url, state }) => {
    const asked = { id: url.searchParams.get("id"), revision: url.searchParams.get("revision") };
    return Response.json(await modelList(state.engine, asked, req.signal));
  },
});
