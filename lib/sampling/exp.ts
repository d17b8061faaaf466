// exp(x) for x of 0 or less, which is all that softmax takes, from a table: twice as fast as Math.exp, and
// within 3 units of the last place of it.
//
// x = (k + j / 2048) ln 2 + r with whole k and 0 <= j < 2048, so exp(x) = 2^k 2^(j / 2048) exp(r), and |r| is so small
// that four terms of its series are exact. ln 2 / 2048 in two parts keeps r exact (Cody and Waite, 1980).

const BITS = 11;
const STEPS = 1 << BITS;
/** 2^(j / 2048). */
const FRACTIONS = Float64Array.from({ length: STEPS }, (_, j) => 2 ** (j / STEPS));
/** The least k: what is smaller is 0. */
const LEAST = -1080;
/** 2^k, from the least k on. */
const POWERS = Float64Array.from({ length: 1 - LEAST }, (_, at) => 2 ** (at + LEAST));
const PER_STEP = STEPS / Math.LN2;
/** ln 2 / 2048: the first 24 bits, whose products with whole numbers are exact, and the rest. */
const STEP_HIGH = Math.fround(Math.LN2) / STEPS;
const STEP_LOW = (Math.LN2 / STEPS - STEP_HIGH) + 2.319046813846299558e-17 / STEPS; // what Math.LN2 lacks
/** Below this exp(x) is 0 or of too few digits to matter. */
const LEAST_X = -745;

/** Sums over tokens: of w = exp((logit - largest) * factor), and of w times what the exponent lacks to 0. */
export interface WeightSums {
  sum: number;
  weighted: number;
}

/** Adds to `sums` what the values from `start` up to `end` weigh; -Infinity weighs nothing. Each weight is left in
 * `weights`, where they are given. The exponential stands here once more, digit for digit `expOfNegative`: V8 made an
 * object of each number that a call gave back until it had compiled both as one, 0.8 MB a pass over 49,152 tokens. */
export function addWeights(
  values: Float32Array | Float64Array,
  { start, end, largest, factor }: {
    readonly start: number;
    readonly end: number;
    readonly largest: number; // no value is above it
    readonly factor: number; // above 0
  },
  sums: WeightSums,
  weights: Float64Array | null,
): void {
  let { sum, weighted } = sums;
  for (let id = start; id < end; id++) {
    const x = (values[id]! - largest) * factor;
    if (!(x >= LEAST_X)) continue;
    const n = (x * PER_STEP - 0.5) | 0;
    const r = x - n * STEP_HIGH - n * STEP_LOW;
    const series = 1 + r * (1 + r * (0.5 + r * (1 / 6)));
    const weight = FRACTIONS[n & (STEPS - 1)]! * POWERS[(n >> BITS) - LEAST]! * series;
    if (weights !== null) weights[id] = weight;
    sum += weight;
    weighted -= weight * x;
  }
  sums.sum = sum;
  sums.weighted = weighted;
}

/** exp(x) for x of 0 or less; 0 below -745. */
export function expOfNegative(x: number): number {
  if (!(x >= LEAST_X)) return 0;
  const n = (x * PER_STEP - 0.5) | 0;
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const series = 1 + r * (1 + r * (0.5 + r * (1 / 6)));
  return FRACTIONS[n & (STEPS - 1)]! * POWERS[(n >> BITS) - LEAST]! * series;
}
