import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { openApiDocument } from "../../lib/api/openapi.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  GET: ({ state }) => {
    const { model } = state.engine.status();
    return Response.json(openApiDocument(model.state === "ready" ? model.info : null));
  },
});
