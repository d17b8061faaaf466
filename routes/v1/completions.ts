import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { answerCompletions } from "../../lib/api/openai/completions.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerCompletions });
