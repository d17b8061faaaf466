import { answerJob } from "../../lib/api/http/answer.ts";
import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { nextTokenRequest } from "../../lib/api/endpoints/next_token.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  POST: (ctx) => answerJob(ctx, "next_token", nextTokenRequest),
});
