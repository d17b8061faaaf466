import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { answerDecide } from "../../lib/api/openai/decide.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerDecide });
