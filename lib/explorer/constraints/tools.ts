// What the constraint's tab works with: loaded with the tab, then there as long as the page lives.
import type { ConstraintInput } from "../../sampling/constraint_kinds.ts";
import type { Api } from "../asking/api.ts";
import { type ChoiceScoresStore, createChoiceScores } from "./choice_scores.ts";
import { type ConstraintDesk, createConstraintDesk } from "./desk.ts";
import { createConstraintEngine, type Port } from "./engine.ts";

export interface ConstraintTools {
  readonly desk: ConstraintDesk;
  readonly scores: ChoiceScoresStore;
  stop(): void;
}

interface ToolsOptions {
  readonly api: Api;
  readonly spawn: () => Port;
  readonly constraint: ConstraintInput;
  /** Makes it the constraint of the session. */
  readonly apply: (constraint: ConstraintInput) => void;
}

/** What the constraint's tab works with; `spawn` starts its worker. */
export function createConstraintTools({ api, spawn, constraint, apply }: ToolsOptions): ConstraintTools {
  const engine = createConstraintEngine({ spawn });
  const scores = createChoiceScores(api);
  return {
    desk: createConstraintDesk({ engine, constraint, apply }),
    scores,
    stop() {
      engine.close();
      scores.stop();
    },
  };
}
