import { readJson } from "../../lib/api/body.ts";
import { byMethod } from "../../lib/api/by_method.ts";
import { clientOf } from "../../lib/api/client.ts";
import { parseRequest } from "../../lib/api/parse.ts";
import { nextTokenRequest } from "../../lib/api/schemas.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  POST: async ({ req, info, state }) => {
    const input = parseRequest(nextTokenRequest, await readJson(req));
    const options = { ...clientOf(req, info.remoteAddr), signal: req.signal };
    return Response.json(await state.engine.submit("next_token", input, options));
  },
});
