// The textbook's formulas, written as they stand there: what the product's own ways to the same numbers are held to.

/** e^logit / sum of e^logit, over all tokens; -Infinity is probability 0. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b));
  const weights = values.map((logit) => Math.exp(logit - largest));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Shannon's entropy of probabilities, in bits: -sum p log2 p. */
export function entropyBits(probs: Float64Array): number {
  return -probs.reduce((sum, p) => p > 0 ? sum + p * Math.log2(p) : sum, 0);
}
