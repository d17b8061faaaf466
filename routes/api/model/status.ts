import { byMethod } from "../../../lib/api/http/by_method.ts";
import { modelStatus } from "../../../lib/api/http/model_status.ts";
import type { State } from "../../../lib/define.ts";

export const handler = byMethod<State>({
  GET: ({ state }) => Response.json(modelStatus(state.engine.status())),
});
