import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { answerGenerate } from "../../lib/api/endpoints/generate.ts";
import type { State } from "../../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerGenerate });
