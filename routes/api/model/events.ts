import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import { streamStatus } from "../../../lib/api/endpoints/model_events.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: ({ state, req }) => streamStatus(state.engine, req.signal),
});
