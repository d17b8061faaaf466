import { answerJob } from "../../lib/api/answer.ts";
import { byMethod } from "../../lib/api/by_method.ts";
import { nextTokenRequest } from "../../lib/api/schemas.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  POST: (ctx) => answerJob(ctx, "next_token", nextTokenRequest),
});
