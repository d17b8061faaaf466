// Checks of constraints: work for the sandbox alone, so that they are answered while no model is loaded.
import { fault, faultOf } from "../fault.ts";
import { createLanes, type Lanes } from "../sandbox/lanes.ts";
import type { ConstraintCheckInput, ConstraintCheckResult } from "../wire/constraint.ts";

export interface ConstraintChecks {
  /** Whether a constraint can be used, and how far a text goes with it. Rejects with queue_full, and with the signal's
   * reason. */
  check(input: ConstraintCheckInput, signal: AbortSignal): Promise<ConstraintCheckResult>;
  /** Ends what runs; nothing may be asked afterwards. */
  close(): void;
}

/** Checks that may wait or run. */
const MOST_WAITING = 16;
/** Beyond the limits that a constraint keeps by itself. */
const DEADLINE_MS = 2500;

/** Starts nothing before the first check. */
export function createConstraintChecks(): ConstraintChecks {
  const lanes = createLanes();
  let waiting = 0;
  let closed = false;
  return {
    async check(input, signal) {
      if (waiting >= MOST_WAITING) {
        throw fault("queue_full", "Too many constraints are being checked. Try again in a second.");
      }
      waiting++;
      try {
        return await run(lanes, input, signal);
      } catch (error) {
        throw closed ? fault("model_failed", "The server is stopping.") : error;
      } finally {
        waiting--;
      }
    },
    close() {
      closed = true;
      lanes.close();
    },
  };
}

/** A constraint that had to be stopped is an answer: it cannot be used. */
async function run(
  lanes: Lanes,
  input: ConstraintCheckInput,
  signal: AbortSignal,
): Promise<ConstraintCheckResult> {
  try {
    const key = JSON.stringify([input.type, input.schema, input.settings]);
    return await lanes.run("constraint_check", input, { deadlineMs: DEADLINE_MS, signal, key });
  } catch (error) {
    if (faultOf(error)?.code !== "unsupported") throw error;
    return { ok: false, error: { message: (error as Error).message }, notes: [] };
  }
}
