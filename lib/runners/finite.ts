// Logits must be as many as were asked for, and numbers: NaN and +infinity come from weights or arithmetic that
// overflow, and no distribution can be made of them. -infinity is a token that cannot come.
import { noteRow } from "../vector/row_facts.ts";
import { fault } from "../fault.ts";

/** Throws an `inference_failed` fault where a graph gave `found` values and not `rows` rows of logits. */
export function checkLogitsSize(found: number | undefined, rows: number, vocabSize: number): void {
  if (found === rows * vocabSize) return;
  const message = found === vocabSize
    ? `The model's graph gives the logits of the last token alone, not of ${rows} tokens: what scores every token of ` +
      "a text cannot be done with it."
    : `The graph's output "logits" holds ${found} values; ${rows} positions of ${vocabSize} tokens are ` +
      `${rows * vocabSize}. Its axes must be texts, positions, tokens.`;
  throw fault("inference_failed", message);
}

/** Throws an `inference_failed` fault where a row of `logits` [rows, vocabSize] makes no distribution. A single row
 * must not be changed any more. */
export function checkFinite(logits: Float32Array, vocabSize: number): void {
  if (logits.length === vocabSize && Number.isFinite(noteRow(logits).largest)) return;
  const wrong = describeWrong(logits, vocabSize);
  if (wrong === null) return;
  throw fault(
    "inference_failed",
    `The model gives ${wrong} in its logits, so there is no distribution: its weights or its arithmetic overflow. ` +
      "Choose another dtype, such as fp32.",
  );
}

/** Why rows of logits make no distribution, or null. */
function describeWrong(logits: Float32Array, vocabSize: number): string | null {
  for (let row = 0; row < logits.length; row += vocabSize) {
    let top = -Infinity;
    for (let i = row; i < row + vocabSize; i++) {
      const logit = logits[i]!;
      if (!(logit <= Number.MAX_VALUE)) return Number.isNaN(logit) ? "NaN (no number)" : "+infinity";
      if (logit > top) top = logit;
    }
    if (top === -Infinity) return "-infinity for every token";
  }
  return null;
}
