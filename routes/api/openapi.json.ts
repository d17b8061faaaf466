import { byMethod } from "../../lib/api/http/by_method.ts";
import { openApiDocument } from "../../lib/api/openapi.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  GET: () => Response.json(openApiDocument()),
});
