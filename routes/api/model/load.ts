import { readJson } from "../../../lib/api/body.ts";
import { byMethod } from "../../../lib/api/by_method.ts";
import { parseRequest } from "../../../lib/api/parse.ts";
import { loadInput } from "../../../lib/api/schemas_load.ts";
import { loadRequest, modelStatus } from "../../../lib/api/status.ts";
import type { State } from "../../../lib/define.ts";

export const handler = byMethod<State>({
  POST: async ({ req, state }) => {
    const input = parseRequest(loadInput, await readJson(req));
    return Response.json(modelStatus(await state.engine.load(loadRequest(input))));
  },
  DELETE: ({ state }) => Response.json(modelStatus(state.engine.cancelLoad())),
});
