// How far methods agree, and how far a sum of scores is from what it should be.

/**
 * Spearman's rank correlation of two methods' scores, from -1 to 1; ties share their mean rank. Null where one method
 * gives all tokens the same score: it has no order to agree with. Throws a RangeError for lists of different lengths.
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) {
    throw new RangeError(`Expected as many scores as the other method's ${a.length} but found ${b.length}`);
  }
  const [x, y] = [rankScores(a), rankScores(b)];
  const mean = (a.length - 1) / 2; // of the ranks 0 … n - 1, ties or not
  let [product, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - mean, y[i]! - mean];
    product += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : product / Math.sqrt(xx * yy);
}

/** The rank correlation of each method with each. */
export function correlateMethods(scores: readonly (readonly number[])[]): (number | null)[][] {
  return scores.map((a) => scores.map((b) => rankCorrelation(a, b)));
}

/**
 * How far scores that should add up to `difference` (of the target's value on the text and on the baseline) are from
 * it: `delta` = sum - difference (captum's sign), `relative` = |delta| / |difference|, null for a difference of 0.
 */
export function completenessError(
  scores: readonly number[],
  difference: number,
): { readonly delta: number; readonly relative: number | null } {
  const delta = scores.reduce((sum, score) => sum + score, 0) - difference;
  return { delta, relative: difference === 0 ? null : Math.abs(delta / difference) };
}

/** Rank of each score from 0, the smallest; equal ones share the mean of their ranks. */
function rankScores(scores: readonly number[]): number[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const found = new Array<number>(scores.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let i = from; i < to; i++) found[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}
