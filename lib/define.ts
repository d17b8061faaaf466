// What every request carries, and Fresh's typed helpers over it.
import { createDefine } from "fresh";
import type { Config } from "./config/config.ts";
import type { AnswerBudget } from "./engine/answer_budget.ts";
import type { ConstraintChecks } from "./engine/constraint_checks.ts";
import type { Engine } from "./engine/types.ts";
import type { ModelLock } from "./engine/model_lock.ts";
import type { Log } from "./log.ts";

/** What the routes work with; one set for the whole process. */
export interface Services {
  readonly engine: Engine;
  readonly checks: ConstraintChecks;
  readonly config: Config;
  readonly log: Log;
}

export interface State extends Services {
  /** What long answers share; one for the whole app. */
  answers: AnswerBudget;
  /** Whether models can be chosen; one for the whole app. */
  lock: ModelLock;
  /** One-time value that the content security policy and the page's scripts share; made for the first that asks. */
  nonce: () => string;
}

export const define = createDefine<State>();
