// What an answer cost, as the wire has it.
import { round } from "../basics/round.ts";
import type { Timing } from "../wire/token.ts";
import type { Cost } from "./types.ts";

export const NO_COST: Cost = { computedTokens: 0, prefillMs: 0, decodeMs: 0 };

/** The cost of two computations together. */
export function addCosts(a: Cost, b: Cost): Cost {
  return {
    computedTokens: a.computedTokens + b.computedTokens,
    prefillMs: a.prefillMs + b.prefillMs,
    decodeMs: a.decodeMs + b.decodeMs,
  };
}

/** Milliseconds with two decimals; the time in the queue is the scheduler's to fill in. */
export function timingOf({ computedTokens, prefillMs, decodeMs }: Cost): Timing {
  return {
    queued_ms: 0,
    prefill_ms: round(prefillMs, 2),
    decode_ms: round(decodeMs, 2),
    computed_tokens: computedTokens,
  };
}
