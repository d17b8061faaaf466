import { answerByMethod } from "../lib/api/http/by_method.ts";
import { answerProps } from "../lib/api/llamacpp/text.ts";
import type { State } from "../lib/define.ts";

export const handler = answerByMethod<State>({ GET: answerProps });
