import { byMethod } from "../../../lib/api/by_method.ts";
import { statusEvents } from "../../../lib/api/events.ts";
import type { State } from "../../../lib/define.ts";

export const handler = byMethod<State>({
  GET: ({ state, req }) => statusEvents(state.engine, req.signal),
});
