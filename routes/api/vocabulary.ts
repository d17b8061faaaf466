import { answerJob } from "../../lib/api/answer.ts";
import { byMethod } from "../../lib/api/by_method.ts";
import { vocabularyRequest } from "../../lib/api/schemas_decode.ts";
import type { State } from "../../lib/define.ts";

export const handler = byMethod<State>({
  POST: (ctx) => answerJob(ctx, "vocabulary", vocabularyRequest),
});
