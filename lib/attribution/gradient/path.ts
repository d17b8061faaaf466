// Evaluations along the line from the baseline to the context, in runs of several points.
import { fault } from "../../fault.ts";
import type { GradientRun, GradientSession } from "./session.ts";
import { readIds } from "./session.ts";
import type { Point } from "./quadrature.ts";

/** What is attributed, and from where the line comes. */
export type Line = Pick<GradientRun, "context" | "target" | "baseline">;

/** How a method that takes several runs is watched and stopped. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  /** Called after each run: the gradients computed so far, and how many there will be, as far as is known. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Tokens of one run, over all its points: a run holds the activations of all of them until it has gone back. */
const ROWS = 96;

/** How many points one run takes for this many tokens. */
export function countPointsPerRun(tokens: number): number {
  return Math.max(1, Math.min(16, Math.floor(ROWS / tokens)));
}

/** Σ weight g (x - b) over `points` [tokens, width], row-major. */
export async function sumPath(
  session: GradientSession,
  line: Line,
  points: readonly Point[],
  { signal, progress }: Watch = {},
): Promise<Float64Array> {
  const size = countPointsPerRun(readIds(line).length);
  let sum: Float64Array | null = null;
  for (let start = 0; start < points.length; start += size) {
    const some = points.slice(start, start + size);
    const { path } = await session.run({ ...line, points: some }, ["path"], { signal });
    requireFinite(path, "integrated gradients");
    sum ??= new Float64Array(path.length);
    for (let i = 0; i < path.length; i++) sum[i] = sum[i]! + path[i]!;
    progress?.(Math.min(start + size, points.length), points.length);
  }
  return sum ?? new Float64Array(0);
}

/** F at these places of the line. */
export async function measureValues(
  session: GradientSession,
  line: Line,
  alphas: readonly number[],
  { signal }: Watch = {},
): Promise<number[]> {
  const values: number[] = [];
  const size = countPointsPerRun(readIds(line).length);
  for (let start = 0; start < alphas.length; start += size) {
    const points = alphas.slice(start, start + size).map((alpha) => ({ alpha, weight: 0 }));
    const { value } = await session.run({ ...line, points }, ["value"], { signal });
    requireFinite(value, "model's scores");
    values.push(...value);
  }
  return values;
}

/** Throws an `inference_failed` fault where a number is not finite: single precision was left, and nothing that is made
 * from it may be shown. */
export function requireFinite(values: Float32Array, what: string): void {
  if (values.every(Number.isFinite)) return;
  throw fault(
    "inference_failed",
    `The ${what} left the range of single precision on this text, so there is nothing to show. ` +
      "Saliency and occlusion do not go there.",
  );
}
