// Where integrals over [0, 1] are evaluated, and with what weights.

/** One point of the line from the baseline (0) to the context (1), and how much it counts. */
export interface Point {
  readonly alpha: number;
  readonly weight: number;
}

/** Gauss-Legendre quadrature with n points on [from, to]: exact for polynomials up to degree 2n - 1. Captum's
 * `gausslegendre` on [0, 1]. Points are roots of the Legendre polynomial, found by Newton's method; weights
 * 2 / ((1 - x²) P'(x)²). Press et al., "Numerical Recipes", §4.6. */
export function gaussLegendre(n: number, from = 0, to = 1): Point[] {
  return Array.from({ length: n }, (_, index) => {
    const root = legendreRoot(n, n - index); // ascending
    const { slope } = legendre(n, root);
    const weight = 2 / ((1 - root * root) * slope * slope);
    return { alpha: from + (to - from) * (root + 1) / 2, weight: weight * (to - from) / 2 };
  });
}

/** The k-th largest root of the Legendre polynomial of degree n, k from 1. */
function legendreRoot(n: number, k: number): number {
  let x = Math.cos(Math.PI * (k - 0.25) / (n + 0.5)); // close enough for Newton's method
  for (let step = 0; step < 100; step++) {
    const { value, slope } = legendre(n, x);
    const next = x - value / slope;
    if (Math.abs(next - x) < 1e-15) return next;
    x = next;
  }
  return x;
}

/** The Legendre polynomial of degree n and its derivative, by (k + 1) P(k+1) = (2k + 1) x P(k) - k P(k-1). */
function legendre(n: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let k = 1; k < n; k++) [before, value] = [value, ((2 * k + 1) * x * value - k * before) / (k + 1)];
  return { value, slope: n * (x * value - before) / (x * x - 1) };
}
