import { byMethod } from "../../../lib/api/http/by_method.ts";
import { statusEvents } from "../../../lib/api/endpoints/model_events.ts";
import type { State } from "../../../lib/define.ts";

export const handler = byMethod<State>({
  GET: ({ state, req }) => statusEvents(state.engine, req.signal),
});
