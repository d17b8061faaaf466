// What is attributed.
import type { Quantity } from "../wire/attribution_methods.ts";

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
