// What a task runs on, and how it is steered.
import type { GradientSession } from "../gradient/session.ts";
import type { TapSession } from "../taps/tap_session.ts";

/** The graphs of one model, opened when they are first asked for. Both reject with an `unsupported` fault where the
 * graph does not fit. */
export interface Sessions {
  taps(): Promise<TapSession>;
  gradients(): Promise<GradientSession>;
}

/** How an explanation is stopped, and whom it tells its share done, from 0 to 1. */
export interface Steering {
  readonly signal: AbortSignal;
  readonly progress: (share: number) => void;
}

/** The steering of the part of the work between the shares `from` and `to`. */
export function steerPart({ signal, progress }: Steering, from: number, to: number): Steering {
  return { signal, progress: (share) => progress(from + (to - from) * share) };
}

/** Work that is counted, as a share done. */
export function countWork({ progress }: Steering): (done: number, total: number) => void {
  return (done, total) => progress(total === 0 ? 1 : done / total);
}

/** What a task reads: tokens by the graph with taps, and points times tokens by the gradient graph. */
export interface Cost {
  readonly taps: number;
  readonly gradients: number;
}

/** The cost of that many tokens by the graph with taps. */
export function costOfTaps(tokens: number): Cost {
  return { taps: tokens, gradients: 0 };
}

/** The cost of that many tokens by the gradient graph. */
export function costOfGradients(tokens: number): Cost {
  return { taps: 0, gradients: tokens };
}
