import { answerConstraintCheck } from "../../../lib/api/endpoints/constraint_check.ts";
import { byMethod } from "../../../lib/api/http/by_method.ts";
import type { State } from "../../../lib/define.ts";

export const handler = byMethod<State>({ POST: answerConstraintCheck });
