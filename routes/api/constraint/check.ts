import { answerConstraintCheck } from "../../../lib/api/endpoints/constraint_check.ts";
import { answerByMethod } from "../../../lib/api/http/by_method.ts";
import type { State } from "../../../lib/define.ts";

export const handler = answerByMethod<State>({ POST: answerConstraintCheck });
