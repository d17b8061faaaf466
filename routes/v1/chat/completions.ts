import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import { answerChat } from "../../../lib/api/openai/chat.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerChat });
