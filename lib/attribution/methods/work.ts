// What every method is asked and how it is steered.
import type { Target } from "../types.ts";

/** A context and what is to be explained about what follows it. */
export interface Question {
  readonly context: readonly number[];
  readonly target: Target;
}

/** How a method is stopped, and whom it tells how far it is (in tokens that the model reads). */
export interface Steering {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}
