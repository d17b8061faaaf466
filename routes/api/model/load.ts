import { requireUnlocked } from "../../../lib/api/endpoints/classroom.ts";
import { readJson } from "../../../lib/api/http/body.ts";
import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { loadInput, loadRequest } from "../../../lib/api/endpoints/model_load.ts";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({
  POST: async ({ req, state }) => {
    requireUnlocked(state.lock);
    const input = parseRequest(loadInput, await readJson(req));
    return Response.json(modelStatusOf(await state.engine.load(loadRequest(input))));
  },
  DELETE: ({ state }) => Response.json(modelStatusOf(state.engine.cancelLoad())),
});
