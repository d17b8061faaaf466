// Checks of constraints: work for the sandbox alone, so that they are answered while no model is loaded.
import { fault, faultOf } from "../fault.ts";
import { createSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import type { ConstraintCheckInput, ConstraintCheckResult } from "../wire/constraint.ts";

export interface ConstraintChecks {
  /** Whether a constraint can be used, and how far a text goes with it. Rejects with queue_full, and with the signal's
   * reason. */
  check(input: ConstraintCheckInput, signal: AbortSignal): Promise<ConstraintCheckResult>;
  /** Ends what runs; nothing may be asked afterwards. */
  close(): void;
}

/** Two at once: one that takes its whole time leaves room for another page's. */
const SANDBOXES = 2;
/** Checks that may wait or run in one sandbox. */
const MOST_WAITING = 8;
/** Beyond the limits that a constraint keeps by itself. */
const DEADLINE_MS = 2500;

/** Starts nothing before the first check. */
export function createConstraintChecks(): ConstraintChecks {
  const sandboxes = Array.from({ length: SANDBOXES }, () => ({ sandbox: createSandbox(), waiting: 0 }));
  return {
    async check(input, signal) {
      const place = sandboxes.reduce((least, one) => one.waiting < least.waiting ? one : least);
      if (place.waiting >= MOST_WAITING) {
        throw fault("queue_full", "Too many constraints are being checked. Try again in a second.");
      }
      place.waiting++;
      try {
        return await run(place.sandbox, input, signal);
      } finally {
        place.waiting--;
      }
    },
    close() {
      for (const { sandbox } of sandboxes) sandbox.close();
    },
  };
}

/** A constraint that had to be stopped is an answer: it cannot be used. */
async function run(
  sandbox: Sandbox,
  input: ConstraintCheckInput,
  signal: AbortSignal,
): Promise<ConstraintCheckResult> {
  try {
    return await sandbox.run("constraint_check", input, { deadlineMs: DEADLINE_MS, signal });
  } catch (error) {
    if (faultOf(error)?.code !== "unsupported") throw error;
    return { ok: false, error: { message: (error as Error).message }, notes: [] };
  }
}
