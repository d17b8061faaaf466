// Scores of tokens as the strip and the list show them: shares of the largest, and on which side.
import type { AttributionResult } from "../../wire/attribution.ts";
import type { Token } from "../../wire/token.ts";
import type { StripToken } from "../views/strip_view.ts";
import { lookOf, type TokenLook } from "../words/appearance.ts";
import { type Heat, type HeatLegend, heatOfShare, type HeatStep } from "../words/heat.ts";
import type { Computed } from "./run.ts";

/** "+0.36", "−0.14"; without a sign where scores have none. */
export function scoreText(value: number, signed: boolean): string {
  const size = Math.abs(value);
  const digits = size === 0
    ? "0"
    : size >= 100
    ? size.toFixed(0)
    : size >= 0.01
    ? size.toFixed(2)
    : size.toExponential(0);
  if (!signed || size === 0) return digits;
  return `${value < 0 ? "−" : "+"}${digits}`;
}

/** True where scores can speak against the target: their sign is shown. */
export function isSigned({ signed, attributions }: AttributionResult): boolean {
  return signed || attributions.some((score) => score < 0);
}

/** One score for each token of the context: its own, or that of the segment it is in. */
export function tokenScores({ attributions, segments }: AttributionResult): readonly number[] {
  if (segments.length === 0) return attributions;
  const scores = [...attributions];
  for (const { from, to, score } of segments) scores.fill(score, from, to);
  return scores;
}

function largest(scores: readonly number[]): number {
  return scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
}

/** The colours of the scores; null for a score of 0. */
export function scoreHeats(scores: readonly number[]): (Heat | null)[] {
  const most = largest(scores);
  return scores.map((score) => most === 0 || score === 0 ? null : heatOfShare(score / most));
}

/** The strip with the colours of attribution in the place of others; tokens behind the context have none. */
export function withAttribution(tokens: readonly StripToken[], computed: Computed | null): StripToken[] {
  const result = computed?.result ?? null;
  if (result === null) return tokens.map((token) => ({ ...token, heat: null }));
  const scores = tokenScores(result);
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
export function attributionLegend({ result, wish }: Computed): HeatLegend {
  const side = (tint: "attribution" | "against") =>
    ([1, 2, 3] as const).map((step): Heat => ({ scale: tint, value: step / 3, step: step as HeatStep }));
  if (!isSigned(result)) return { from: "no influence", to: "largest", steps: side("attribution") };
  const rival = wish.subject.rival !== null && result.contrast !== null;
  return {
    from: rival ? "for B" : "against",
    to: rival ? "for A" : "for",
    steps: [...side("against").toReversed(), ...side("attribution")],
  };
}

/** A token or a segment with its score. */
export interface Contributor {
  readonly key: number;
  readonly look: TokenLook;
  readonly score: string;
  /** −1..1 of the largest. */
  readonly share: number;
}

const SHOWN = 10;

/** The strongest tokens or segments, by the size of their scores. */
export function contributors(result: AttributionResult): readonly Contributor[] {
  const { attributions, segments, tokens } = result;
  const signed = isSigned(result);
  const all = segments.length === 0
    ? attributions.map((score, key) => ({ key, score, look: lookOf(tokens[key]!) }))
    : segments.map(({ from, to, score }) => ({
      key: from,
      score,
      look: segmentLook(tokens.slice(from, to)),
    }));
  const most = largest(all.map(({ score }) => score));
  return all
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, SHOWN)
    .map(({ key, score, look }) => (
      { key, look, score: scoreText(score, signed), share: most === 0 ? 0 : score / most }
    ));
}

const LONGEST = 6; // tokens of a segment that are shown

function segmentLook(tokens: readonly Token[]): TokenLook {
  const looks = tokens.slice(0, LONGEST).map(lookOf);
  const cut = tokens.length > LONGEST;
  return {
    parts: [...looks.flatMap(({ parts }) => parts), ...cut ? [{ kind: "text" as const, text: "…" }] : []],
    spoken: `${looks.map(({ spoken }) => spoken).join(" ")}${cut ? " and so on" : ""}`,
  };
}
