// Long answers that are made or sent at the same time share one budget, so that no number of requests takes more
// memory than a stated one: 730 MB in the worker while they are made, 480 MB here while they are sent.
import { fault } from "../fault.ts";
import { MOST_DESCRIBED } from "../wire/answer_size.ts";

/** Answers that describe no more tokens are not counted. */
const SHORT = 4096;

/** Gives back what was taken; more than once does nothing. */
export type Release = () => void;

export class AnswerBudget {
  readonly #limit: number;
  #taken = 0;

  /** `limit`: described tokens of all answers together. One answer always fits. */
  constructor(limit: number = 2 * MOST_DESCRIBED) {
    this.#limit = Math.max(limit, MOST_DESCRIBED);
  }

  /** Takes room for an answer that describes `described` tokens. Throws queue_full where others hold it. */
  take(described: number): Release {
    const tokens = Math.min(described, MOST_DESCRIBED);
    if (tokens <= SHORT) return () => {};
    if (this.#taken + tokens > this.#limit) {
      const message =
        "Too many long answers are being made or sent. Try again in a second, or with a smaller top_k.";
      throw fault("queue_full", message);
    }
    this.#taken += tokens;
    let held = true;
    return () => {
      if (held) this.#taken -= tokens;
      held = false;
    };
  }
}
