import { answerJob } from "../../lib/api/http/answer.ts";
import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  POST: (ctx) => answerJob(ctx, "preview", previewRequest),
});
