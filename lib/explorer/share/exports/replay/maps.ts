// The attributions that were computed, as a replay shows them: shares of the largest score for the tokens of the text.
import { methodRow } from "../../../../wire/attribution_methods.ts";
import type { Computed } from "../../../attribution/run.ts";
import { rankContributors } from "../../../attribution/contributors.ts";
import { isSigned, largestOf, spreadScores } from "../../../attribution/scores.ts";
import type { TreeNode } from "../../../session/types.ts";
import { sayToken } from "../../../words/spoken.ts";
import { round } from "../../../../basics/round.ts";

export interface ReplayMap {
  /** "Occlusion of space the rather than space that" */
  readonly title: string;
  /** −1..1 for each token of the text before; below 0 it speaks for the other side. */
  readonly shares: readonly number[];
  /** The strongest tokens with their scores. */
  readonly strongest: string;
}

const NAMED = 5;

/** The maps of a place: every picture of tokens that was computed there, the measured one where there are two. */
export function listMaps(all: readonly Computed[], place: TreeNode): ReplayMap[] {
  const here = all.filter(({ query, result }) =>
    query.subject.place === place && result.attributions.length > 0
  );
  return [...new Map(here.map((computed) => [titleOf(computed), mapOf(computed)])).values()];
}

function titleOf({ result, query: { subject, choice } }: Computed): string {
  const { target, contrast } = result;
  const what = subject.end === null
    ? sayToken(target.text, target)
    : `${subject.end.depth - subject.place.depth} tokens`;
  const rival = contrast === null ? "" : ` rather than ${sayToken(contrast.text, contrast)}`;
  const unit = choice.segments === "token" ? "" : `, by ${choice.segments}`;
  return `${methodRow(result.method).label} of ${what}${rival}${unit}`;
}

function mapOf(computed: Computed): ReplayMap {
  const { result } = computed;
  const scores = spreadScores(result);
  const most = largestOf(scores);
  const rows = rankContributors(result).slice(0, NAMED);
  const order = isSigned(result) ? "Strongest, for and against" : "Strongest";
  return {
    title: titleOf(computed),
    shares: scores.map((score) => most === 0 ? 0 : round(score / most, 3)),
    strongest: `${order}: ${rows.map(({ rendering, score }) => `${rendering.spoken} ${score}`).join(", ")}.`,
  };
}
