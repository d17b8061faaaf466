// One small number for how far a picture can be trusted, with a sentence that says what it means.
import type { Curves } from "./curves.ts";
import { formatAmount } from "../../basics/number_text.ts";

/** `faithful`: better than chance by more than chance varies; `misleading`: worse by as much; `unclear`: between. */
export type Verdict = "faithful" | "unclear" | "misleading";

export interface Faithfulness {
  /** Area between the two curves, in nats: how much further the target's log-probability falls when the top tokens go
   * than when the bottom ones go, averaged over the share removed. Higher is better, 0 is chance. */
  readonly score: number;
  /** Area between the random orders' mean and the deletion curve, and between the curve of the lowest scores first and
   * that mean: the two halves of the score. */
  readonly deletion: number;
  readonly insertion: number;
  /** Standard deviation of the score that a random order would get. */
  readonly chance: number;
  readonly verdict: Verdict;
  readonly explanation: string;
}

const CLEAR = 2; // standard deviations

/** The score of one method's curves. Throws a RangeError for fewer than two random orders. */
export function scoreCurves(curves: Curves, rival = false): Faithfulness {
  const { random, mostFirst, leastFirst } = curves;
  if (random.length < 2) throw new RangeError(`Expected 2 random orders or more but found ${random.length}`);
  const drop = (row: readonly number[]) => averageDrop(curves, row);
  const drops = random.map(drop);
  const mean = drops.reduce((sum, value) => sum + value, 0) / drops.length;
  const variance = drops.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drops.length - 1);
  const deletion = drop(mostFirst) - mean;
  const insertion = mean - drop(leastFirst);
  const score = deletion + insertion;
  const chance = Math.sqrt(2 * variance); // a score is a difference of two drops
  const verdict = score > CLEAR * chance ? "faithful" : score < -CLEAR * chance ? "misleading" : "unclear";
  return {
    score,
    deletion,
    insertion,
    chance,
    verdict,
    explanation: explain(score, { chance, verdict, rival }),
  };
}

/**
 * How far the log-probability falls on average over the share of tokens removed, from none to the largest count: the
 * area under the drop by the trapezoid rule, divided by that count.
 */
function averageDrop({ base, counts }: Curves, logprobs: readonly number[]): number {
  let [area, before, height] = [0, 0, 0];
  counts.forEach((count, i) => {
    const drop = base - logprobs[i]!;
    area += (count - before) * (height + drop) / 2;
    [before, height] = [count, drop];
  });
  return area / before;
}

const MEANING: Readonly<Record<Verdict, string>> = {
  faithful: "The picture shows what the model uses.",
  unclear: "That is no more than chance: do not read much into the picture.",
  misleading: "That is worse than chance: the marked tokens matter less than the others here.",
};

function explain(
  score: number,
  { chance, verdict, rival }: { readonly chance: number; readonly verdict: Verdict; readonly rival: boolean },
): string {
  const [more, than] = score >= 0 ? ["highest", "lowest"] : ["lowest", "highest"];
  const what = rival ? "the target's lead over its rival" : "the target's log-probability";
  return `Removing the ${more}-scored tokens lowers ${what} by ` +
    `${formatAmount(Math.abs(score))} more than removing the ${than}-scored ones ` +
    `(random orders differ by about ${formatAmount(chance)}). ${MEANING[verdict]}`;
}
