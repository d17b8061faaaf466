import { answerJob } from "../../lib/api/http/answer.ts";
import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { vocabularyRequest } from "../../lib/api/endpoints/vocabulary.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({
  POST: (ctx) => answerJob(ctx, "vocabulary", vocabularyRequest),
});
