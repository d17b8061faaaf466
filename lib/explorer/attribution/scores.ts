// Scores of tokens as the strip and the list show them: shares of the largest, and on which side.
import type { AttributionResult } from "../../wire/attribution.ts";
import type { StripToken } from "../views/strip_view.ts";
import { type Heat, type HeatLegend, heatOfShare, type HeatStep } from "../words/heat.ts";
import type { Computed } from "./run.ts";
import { formatAmount, formatSignedAmount } from "../../basics/number_text.ts";

/** "+0.36", "−0.14"; without a sign where scores have none. */
export function scoreText(value: number, signed: boolean): string {
  if (value === 0) return "0";
  return signed ? formatSignedAmount(value) : formatAmount(Math.abs(value));
}

/** True where scores can speak against the target: their sign is shown. */
export function isSigned({ signed, attributions }: AttributionResult): boolean {
  return signed || attributions.some((score) => score < 0);
}

/** One score for each token of the context: its own, or that of the segment it is in. */
export function spreadScores({ attributions, segments }: AttributionResult): readonly number[] {
  if (segments.length === 0) return attributions;
  const scores = [...attributions];
  for (const { from, to, score } of segments) scores.fill(score, from, to);
  return scores;
}

/** The size of the largest score. */
export function largestOf(scores: readonly number[]): number {
  return scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
}

/** Scores below this share of the largest have no colour: they would look as if they mattered. */
const LEAST_SHARE = 0.02;

/** The colours of the scores; null for those that hardly matter. */
export function scoreHeats(scores: readonly number[]): (Heat | null)[] {
  const most = largestOf(scores);
  return scores.map((score) =>
    most === 0 || Math.abs(score) < LEAST_SHARE * most ? null : heatOfShare(score / most)
  );
}

/** The strip with the colours of attribution in the place of others; tokens behind the context have none. */
export function withAttribution(tokens: readonly StripToken[], computed: Computed | null): StripToken[] {
  const result = computed?.result ?? null;
  if (result === null) return tokens.map((token) => ({ ...token, heat: null }));
  const scores = spreadScores(result);
  const heats = scoreHeats(scores);
  const signed = isSigned(result);
  return tokens.map((token, at) => {
    const score = scores[at];
    if (score === undefined) return { ...token, heat: null };
    return {
      ...token,
      heat: heats[at] ?? null,
      label: `${token.label}, attribution ${scoreText(score, signed)}`,
    };
  });
}

/** What the colours mean: influence, or for and against in signed scores. */
export function attributionLegend({ result, query }: Computed): HeatLegend {
  const side = (tint: "attribution" | "against") =>
    ([1, 2, 3] as const).map((step): Heat => ({ scale: tint, value: step / 3, step: step as HeatStep }));
  if (!isSigned(result)) return { from: "no influence", to: "largest", steps: side("attribution") };
  const rival = query.subject.rival !== null && result.contrast !== null;
  return {
    from: rival ? "for B" : "against",
    to: rival ? "for A" : "for",
    steps: [...side("against").toReversed(), ...side("attribution")],
  };
}
