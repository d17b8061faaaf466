// Integrated gradients with points where the function moves: adaptive Simpson quadrature ("Numerical Recipes" §4.2;
// Lyness, "Notes on the adaptive Simpson quadrature routine", J. ACM 1969) with two things of its own.
//
// The error of every part of the line is known, not estimated: the integral of dF/dalpha over it is the difference of F
// at its ends, which comes with every gradient; as far as F is known there (ROUNDING). And the line is walked in t with
// alpha = SCALE (e^t - 1): from a zero baseline, norms make F of a language model move in every decade of alpha from
// far below 1e-6 on.
import { countPointsPerRun, type Line, requireFinite, type Watch } from "./path.ts";
import { type GradientSession, type Output, readIds } from "./session.ts";

/** Where the line is walked in equal steps below, in equal factors above. */
const SCALE = 1e-4;
const LENGTH = Math.log1p(1 / SCALE);
/** The path is cut into so many parts before any is refined. */
const PARTS = 8;
/** Of alpha, in a run in single precision: F is known to this times its slope. Seen on the bundled model: where F falls
 * by 4e4 a unit of alpha, neighbours 1e-7 apart scatter by 0.01. */
const ROUNDING = 2 ** -22;

/** A gradient on the line. */
interface Place {
  readonly t: number;
  readonly value: number; // F
  readonly slope: Float32Array; // dF/dt by every coordinate of every token, or by every token
  readonly sum: number; // dF/dt
  readonly rounding: number; // of F
  /** False where the gradient left single precision: at zeros, which norms divide by. */
  readonly known: boolean;
}

/** A part of the line, its two halves of equal length. */
interface Part {
  readonly from: Place;
  readonly middle: Place;
  readonly to: Place;
  /** Simpson's sum less what F changes by. */
  readonly error: number;
  /** How much of it is more than rounding: what halves would mend. */
  readonly excess: number;
}

/** An integral, and how far it is to be trusted. */
export interface Integral {
  /** ∫ g (x - b) [tokens, width]; width 1 where only the sums were asked for. */
  readonly path: Float64Array;
  readonly valueAtContext: number;
  readonly valueAtBaseline: number;
  /** Gradients that were computed. */
  readonly evaluations: number;
}

interface ConvergingOptions {
  readonly tolerance: number;
  readonly budget: number;
  /** True where each token's sum is enough. */
  readonly summed: boolean;
}

/** Halves parts until their errors add up to at most `tolerance` · |F(x) - F(b)| and their sizes to at most that, or
 * half of `tolerance` · Σ |score| of the tokens (else errors might only cancel out); or one more would exceed `budget`
 * gradients. */
export async function integrateConverging(
  session: GradientSession,
  line: Line,
  { tolerance, budget, summed }: ConvergingOptions,
  watch: Watch = {},
): Promise<Integral> {
  const tokens = readIds(line).length;
  const places = (ts: readonly number[]) =>
    measurePlaces(session, line, ts, { summed, signal: watch.signal });
  const count = 2 * PARTS + 1;
  const first = await places(Array.from({ length: count }, (_, index) => LENGTH * index / (count - 1)));
  let parts = Array.from({ length: PARTS }, (_, index) => {
    const [from, middle, to] = first.slice(2 * index, 2 * index + 3) as [Place, Place, Place];
    return partOf(from, middle, to);
  });
  let evaluations = count;
  const [atBaseline, atContext] = [first[0]!.value, first.at(-1)!.value];
  const goal = tolerance * Math.abs(atContext - atBaseline);
  while (true) {
    watch.progress?.(evaluations, budget);
    if (isPrecise(parts, goal, () => Math.max(goal, tolerance * sizeOf(parts, tokens) / 2))) break;
    const most = Math.min(Math.max(1, countPointsPerRun(tokens) >> 1), (budget - evaluations) >> 1);
    const worst = worstOf(parts, goal, most);
    if (worst.length === 0) break;
    const added = await places(
      worst.flatMap(({ from, middle, to }) => [middleOf(from, middle), middleOf(middle, to)]),
    );
    evaluations += added.length;
    const halves = worst.flatMap(({ from, middle, to }, index) => [
      partOf(from, added[2 * index]!, middle),
      partOf(middle, added[2 * index + 1]!, to),
    ]);
    parts = [...parts.filter((part) => !worst.includes(part)), ...halves];
  }
  return { path: integralOf(parts), valueAtContext: atContext, valueAtBaseline: atBaseline, evaluations };
}

function isPrecise(parts: readonly Part[], goal: number, most: () => number): boolean {
  const delta = parts.reduce((sum, { error }) => sum + error, 0);
  const excess = parts.reduce((sum, part) => sum + part.excess, 0);
  return Math.abs(delta) <= goal && excess <= most();
}

/** Σ |score| of the tokens. */
function sizeOf(parts: readonly Part[], tokens: number): number {
  const path = integralOf(parts);
  const width = path.length / tokens;
  let size = 0;
  for (let token = 0; token < tokens; token++) {
    size += Math.abs(
      path.subarray(token * width, (token + 1) * width).reduce((sum, value) => sum + value, 0),
    );
  }
  return size;
}

/** The parts to halve: those with the largest errors, at most `most`, where no rounding is known to explain them; those
 * of any error where there are none. */
function worstOf(parts: readonly Part[], goal: number, most: number): Part[] {
  const beyond = pickLargest(parts, ({ excess }) => excess, goal, most);
  return beyond.length > 0 ? beyond : pickLargest(parts, ({ error }) => Math.abs(error), goal, most);
}

/** Those that hold more than their share of `goal`, and are not small beside the largest: what that one hides comes
 * first. */
function pickLargest(parts: readonly Part[], of: (part: Part) => number, goal: number, most: number): Part[] {
  const least = Math.max(goal / parts.length, Math.max(...parts.map(of)) / 4);
  return parts.filter((part) => of(part) > least).sort((a, b) => of(b) - of(a)).slice(0, most);
}

function middleOf(a: Place, b: Place): number {
  return (a.t + b.t) / 2;
}

function partOf(from: Place, middle: Place, to: Place): Part {
  const total = sixthOf(from, to) * (from.sum + 4 * middle.sum + to.sum);
  const error = total - (to.value - from.value);
  return { from, middle, to, error, excess: Math.max(0, Math.abs(error) - from.rounding - to.rounding) };
}

/** Simpson's factor; 0 beside a place where nothing is known: what F changes by is all error there. */
function sixthOf(from: Place, to: Place): number {
  return from.known ? (to.t - from.t) / 6 : 0;
}

/** Σ over the parts of h/6 (f(from) + 4 f(middle) + f(to)). */
function integralOf(parts: readonly Part[]): Float64Array {
  const integral = new Float64Array(parts[0]!.from.slope.length);
  for (const { from, middle, to } of parts) {
    const sixth = sixthOf(from, to);
    for (let i = 0; i < integral.length; i++) {
      integral[i] = integral[i]! + sixth * (from.slope[i]! + 4 * middle.slope[i]! + to.slope[i]!);
    }
  }
  return integral;
}

/** Gradients at these places, in runs of several. */
async function measurePlaces(
  session: GradientSession,
  line: Line,
  ts: readonly number[],
  { summed, signal }: { readonly summed: boolean; readonly signal: AbortSignal | undefined },
): Promise<Place[]> {
  const size = countPointsPerRun(readIds(line).length);
  const found: Place[] = [];
  for (let start = 0; start < ts.length; start += size) {
    const some = ts.slice(start, start + size);
    const points = some.map((t) => ({
      alpha: Math.min(1, SCALE * Math.expm1(t)),
      weight: SCALE * Math.exp(t),
    })); // dalpha/dt
    const want: Output = summed ? "weightedSum" : "weighted";
    const { value, [want]: slopes } = await session.run({ ...line, points }, [want, "value"], { signal });
    const length = slopes.length / some.length;
    const known = some[0] !== 0 || slopes.every(Number.isFinite);
    if (!known) slopes.fill(0, 0, length);
    requireFinite(slopes, "integrated gradients");
    requireFinite(value, "model's scores");
    found.push(...some.map((t, index) => {
      const slope = slopes.slice(index * length, (index + 1) * length);
      const sum = slope.reduce((total, number) => total + number, 0);
      const rounding = ROUNDING * Math.abs(sum / points[index]!.weight);
      return { t, value: value[index]!, slope, sum, rounding, known: known || index > 0 };
    }));
  }
  return found;
}
