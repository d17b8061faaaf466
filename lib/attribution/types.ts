// What is attributed, and what comes out.

/** The quantity whose dependence on the input is asked for. */
export type Quantity = "logprob" | "logit" | "prob";

/** What is attributed: one token after the context, or a span of them.
 *
 * For a span (several ids, each following the one before) a log-probability is the sum over the span, a probability the
 * product; a logit is of one token alone. */
export interface Target {
  readonly quantity: Quantity;
  /** The token, or the tokens of the span. */
  readonly ids: readonly number[];
  /** Attribute logit(ids[0]) - logit(rival) instead: why the one and not the other. One token alone. */
  readonly rival: number | null;
}
