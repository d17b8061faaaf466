// Why a token is barred: the byte at which it leaves the constraint, and what could have come there instead.
import { FAILED } from "../engine/recogniser.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { findExpectations } from "./expected.ts";
import type { Expectation } from "./expected.ts";

export type Reading =
  | { readonly possible: true; readonly state: State; readonly complete: boolean }
  | {
    readonly possible: false;
    /** Index of the first byte that cannot be. */
    readonly failedAt: number;
    /** What could have come there; with `mayEnd`, also the end of the text. */
    readonly expected: readonly Expectation[];
    readonly mayEnd: boolean;
    /** The state before that byte. */
    readonly state: State;
  };

/** Reads bytes from a state (not FAILED) on, as far as they go. Throws the budget's refusal. */
export function readBytes(recogniser: Recogniser, start: State, bytes: Uint8Array): Reading {
  recogniser.machine.budget.begin();
  let state = start;
  for (const [at, byte] of bytes.entries()) {
    const next = recogniser.advance(state, byte);
    if (next === FAILED) {
      const mayEnd = recogniser.accepts(state);
      return { possible: false, failedAt: at, expected: findExpectations(recogniser, state), mayEnd, state };
    }
    state = next;
  }
  return { possible: true, state, complete: recogniser.accepts(state) };
}
