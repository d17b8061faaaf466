// Integrated gradients with points where the function moves: the integral of dF/dalpha over any part of the line is
// known, it is the difference of F at its ends, so every part's error is known too. The part with the largest one is
// halved until the errors are small. Adaptive quadrature with an exact error; the bisection of de Doncker and Piessens
// ("QUADPACK", 1983) has to estimate it.
import type { GradientSession } from "./session.ts";
import { gaussLegendre } from "./quadrature.ts";
import { type Line, pathSum, valuesAt, type Watch } from "./path.ts";

/** Points of the rule on each part. */
const ORDER = 4;
/** The part next to the baseline is cut here: where norms make F steep near a zero baseline, it changes by octaves. */
const NEAR_BASELINE = 1 / 8;

/** A part of the line. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly values: readonly [number, number]; // F at its ends
  readonly path: Float64Array; // ∫ g (x - b) over it, [tokens, width]
  readonly error: number; // Σ path - (F(to) - F(from))
}

/** An integral, and how far it is to be trusted. */
export interface Integral {
  /** ∫ g (x - b) [tokens, width]. */
  readonly path: Float64Array;
  readonly valueAtContext: number;
  readonly valueAtBaseline: number;
  /** Gradients that were computed. */
  readonly evaluations: number;
}

/** Halves parts until the sum of their errors' sizes is at most `tolerance` · |F(x) - F(b)|, or the next two parts would
 * exceed `budget` gradients. */
export async function integrateConverging(
  session: GradientSession,
  line: Line,
  { tolerance, budget }: { readonly tolerance: number; readonly budget: number },
  watch: Watch = {},
): Promise<Integral> {
  const [atBaseline, atContext] = await valuesAt(session, line, [0, 1], watch) as [number, number];
  const goal = tolerance * Math.abs(atContext - atBaseline);
  let evaluations = 0;
  const measure = async (from: number, to: number, values: readonly [number, number]): Promise<Part> => {
    const path = await pathSum(session, line, gaussLegendre(ORDER, from, to), { signal: watch.signal });
    evaluations += ORDER;
    const total = path.reduce((sum, value) => sum + value, 0);
    return { from, to, values, path, error: total - (values[1] - values[0]) };
  };
  let parts = [await measure(0, 1, [atBaseline, atContext])];
  const errors = () => parts.reduce((sum, part) => sum + Math.abs(part.error), 0);
  while (errors() > goal && evaluations + 2 * ORDER <= budget) {
    const worst = parts.reduce((a, b) => Math.abs(b.error) > Math.abs(a.error) ? b : a);
    const middle = worst.from === 0 ? worst.to * NEAR_BASELINE : (worst.from + worst.to) / 2;
    const [value] = await valuesAt(session, line, [middle], watch) as [number];
    const halves = [
      await measure(worst.from, middle, [worst.values[0], value]),
      await measure(middle, worst.to, [value, worst.values[1]]),
    ];
    parts = parts.flatMap((part) => part === worst ? halves : [part]);
    watch.progress?.(evaluations, budget);
  }
  return {
    path: summed(parts.map((part) => part.path)),
    valueAtContext: atContext,
    valueAtBaseline: atBaseline,
    evaluations,
  };
}

function summed(paths: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(paths[0]?.length ?? 0);
  for (const path of paths) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + path[i]!;
  return sum;
}
