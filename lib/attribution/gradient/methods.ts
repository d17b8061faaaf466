// The gradient methods: one score for each token that the model reads (the context, and of a span all but its last
// token). Definitions and references: captum; MODELS.md of the reference material has the conventions.
import type { GradientSession } from "./session.ts";
import { type Integral, integrateConverging } from "./converging.ts";
import { type Line, measureValues, requireFinite, sumPath, type Watch } from "./path.ts";
import { gaussLegendre, type Point } from "./quadrature.ts";

/** Scores that are lengths of vectors are never negative; signed ones add up to what is explained. */
export interface Signing {
  readonly signed: boolean;
}

/** One score a token, and F itself. */
export interface TokenScores {
  readonly scores: readonly number[];
  readonly value: number;
}

/** What integrated gradients say, and how far they are to be trusted. */
export interface IntegratedScores extends TokenScores {
  readonly valueAtBaseline: number;
  /** Σ signed scores - (F(x) - F(baseline)): 0 for the exact integral. */
  readonly delta: number;
  /** Gradients that were computed. */
  readonly evaluations: number;
}

/** Points of a fixed number, or points placed until the error is at most `tolerance` · |F(x) - F(baseline)| or `budget`
 * gradients are spent. */
export type Steps = number | { readonly tolerance: number; readonly budget: number };

/** Within 5 % of F(x) - F(baseline), in 400 gradients at most. */
export const CONVERGING: Steps = { tolerance: 0.05, budget: 400 };

type Text = Omit<Line, "baseline">;
const CONTEXT: readonly Point[] = [{ alpha: 1, weight: 1 }];

/** ‖dF/dx‖₂ of each token's embedding x (Simonyan, Vedaldi and Zisserman, 2013). Rejects with an `inference_failed`
 * fault where a number is not finite, as all methods here do. */
export async function saliency(
  session: GradientSession,
  text: Text,
  watch: Watch = {},
): Promise<TokenScores> {
  const input = { ...text, baseline: "zero", points: CONTEXT } as const;
  const { gradientNorm, value } = await session.run(input, ["gradientNorm", "value"], watch);
  requireFinite(gradientNorm, "gradient");
  return { scores: [...gradientNorm], value: value[0]! };
}

/** ‖x dF/dx‖₂ of each token, or with sign Σ x dF/dx (Shrikumar, Greenside and Kundaje, 2017). */
export async function inputTimesGradient(
  session: GradientSession,
  text: Text,
  { signed }: Signing,
  watch: Watch = {},
): Promise<TokenScores> {
  const input = { ...text, baseline: "zero", points: CONTEXT } as const;
  const want = signed ? "product" as const : "productNorm" as const;
  const { value, ...scores } = await session.run(input, [want, "value"], watch);
  const found = (scores as Record<typeof want, Float32Array>)[want];
  requireFinite(found, "gradient");
  return { scores: [...found], value: value[0]! };
}

/** (x - b) ∫ dF/dx over the line from the baseline b to x, its length or with sign its sum for each token
 * (Sundararajan, Taly and Yan, 2017). A fixed number of steps are captum's Gauss-Legendre points. */
export async function integratedGradients(
  session: GradientSession,
  line: Line,
  { steps, signed }: Signing & { readonly steps: Steps },
  watch: Watch = {},
): Promise<IntegratedScores> {
  const integral = typeof steps === "number"
    ? await integrateFixed(session, line, gaussLegendre(steps), watch)
    : await integrateConverging(session, line, { ...steps, summed: signed }, watch);
  const { path, valueAtContext, valueAtBaseline, evaluations } = integral;
  const width = path.length / (line.context.length + line.target.ids.length - 1);
  const total = path.reduce((sum, value) => sum + value, 0);
  return {
    scores: reducePerToken(path, width, signed),
    value: valueAtContext,
    valueAtBaseline,
    delta: total - (valueAtContext - valueAtBaseline),
    evaluations,
  };
}

/** The integral by these points. */
export async function integrateFixed(
  session: GradientSession,
  line: Line,
  points: readonly Point[],
  watch: Watch = {},
): Promise<Integral> {
  const [valueAtBaseline, valueAtContext] = await measureValues(session, line, [0, 1], watch) as [
    number,
    number,
  ];
  const path = await sumPath(session, line, points, watch);
  return { path, valueAtContext, valueAtBaseline, evaluations: points.length };
}

/** [tokens, width] → one number a token: the length of its row, or the sum. */
export function reducePerToken(path: Float64Array, width: number, signed: boolean): number[] {
  return Array.from({ length: path.length / width }, (_, token) => {
    const row = path.subarray(token * width, (token + 1) * width);
    return signed
      ? row.reduce((sum, value) => sum + value, 0)
      : Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  });
}
