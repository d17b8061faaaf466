import { answerByMethod } from "../lib/api/http/by_method.ts";
import { answerLlamaCompletion } from "../lib/api/llamacpp/completion.ts";
import type { State } from "../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerLlamaCompletion });
