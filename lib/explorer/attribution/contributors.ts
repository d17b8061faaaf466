// The strongest tokens or segments of an answer, for its list.
import type { AttributionResult } from "../../wire/attribution.ts";
import type { Token } from "../../wire/token.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { isSigned, largestOf, scoreText } from "./scores.ts";

/** A token or a segment with its score. */
export interface Contributor {
  readonly key: number;
  readonly rendering: TokenRendering;
  readonly score: string;
  /** −1..1 of the largest. */
  readonly share: number;
}

const SHOWN = 10;

/** The strongest tokens or segments, by the size of their scores. */
export function rankContributors(result: AttributionResult): readonly Contributor[] {
  const { attributions, segments, tokens } = result;
  const signed = isSigned(result);
  const all = segments.length === 0
    ? attributions.map((score, key) => ({ key, score, rendering: renderToken(tokens[key]!) }))
    : segments.map(({ from, to, score }) => ({
      key: from,
      score,
      rendering: renderSegment(tokens.slice(from, to)),
    }));
  const most = largestOf(all.map(({ score }) => score));
  return all
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, SHOWN)
    .map(({ key, score, rendering }) => (
      { key, rendering, score: scoreText(score, signed), share: most === 0 ? 0 : score / most }
    ));
}

const LONGEST = 6; // tokens of a segment that are shown

function renderSegment(tokens: readonly Token[]): TokenRendering {
  const renderings = tokens.slice(0, LONGEST).map(renderToken);
  const cut = tokens.length > LONGEST;
  return {
    parts: [
      ...renderings.flatMap(({ parts }) => parts),
      ...cut ? [{ kind: "text" as const, text: "…" }] : [],
    ],
    spoken: `${renderings.map(({ spoken }) => spoken).join(" ")}${cut ? " and so on" : ""}`,
  };
}
