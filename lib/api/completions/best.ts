// Which of several choices are answered: OpenAI's `best_of`.
import type { ChoicePiece } from "./choice.ts";

/** The `n` choices whose drawn tokens have the highest mean log-probability, the best one first; equal ones in the
 * order they were drawn. `echoed`: the first piece of each is the prompt, which is the same in all of them. */
export function chooseBest<T extends { readonly pieces: readonly ChoicePiece[] }>(
  choices: readonly T[],
  n: number,
  echoed: boolean,
): T[] {
  const ranked = choices.map((choice) => ({
    choice,
    mean: meanLogprob(choice.pieces.slice(echoed ? 1 : 0)),
  }));
  ranked.sort((a, b) => a.mean === b.mean ? 0 : b.mean > a.mean ? 1 : -1);
  return ranked.slice(0, n).map(({ choice }) => choice);
}

/** Natural, a token; minus infinity where no token was drawn. */
function meanLogprob(pieces: readonly ChoicePiece[]): number {
  const logprobs = pieces.flatMap(({ tokens }) => tokens.map(({ logprob }) => logprob ?? -Infinity));
  if (logprobs.length === 0) return -Infinity;
  return logprobs.reduce((sum, logprob) => sum + logprob, 0) / logprobs.length;
}
