import { byMethod } from "../../lib/api/by_method.ts";
import { modelList } from "../../lib/api/status.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  GET: async ({ state }) => Response.json(modelList(state.engine.status(), await state.engine.models())),
});
