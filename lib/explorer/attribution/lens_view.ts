// The logit lens as two small pictures and a table: rank and probability of A and B after every layer.
import type { AttributionResult, LensLayer } from "../../wire/attribution.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { formatCount, formatPercent } from "../words/format.ts";
import { formatCoordinate } from "../../basics/round.ts";

/** Of each picture, in its own units. */
export const LENS = { width: 240, height: 90 } as const;

const MARGIN = 5;

export interface LensLine {
  readonly side: "a" | "b";
  /** Points of an SVG polyline. */
  readonly points: string;
}

export interface LensPicture {
  readonly name: string;
  readonly top: string;
  readonly bottom: string;
  readonly lines: readonly LensLine[];
}

export interface LensRow {
  readonly layer: string;
  readonly best: TokenRendering;
  readonly bestShare: string;
  /** Of A, and of B where there is one. */
  readonly ranks: readonly { readonly rank: string; readonly share: string }[];
}

export interface LensView {
  readonly sentence: string;
  readonly pictures: readonly LensPicture[];
  readonly rows: readonly LensRow[];
  readonly hasRival: boolean;
}

const SIDES = ["a", "b"] as const;

/** Null where the answer has no lens. */
export function lensView({ lens, contrast, target }: AttributionResult): LensView | null {
  if (lens === null || lens.length === 0) return null;
  const hasRival = contrast !== null;
  const sides = hasRival ? SIDES : SIDES.slice(0, 1);
  const ranks = sides.map((_, side) => lens.map(({ tokens }) => tokens[side]!.rank));
  const probs = sides.map((_, side) => lens.map(({ tokens }) => tokens[side]!.prob));
  const worst = Math.max(1, ...ranks.flat());
  return {
    sentence: sentenceOf(renderToken(target).spoken, lens),
    pictures: [
      {
        name: "Rank, logarithmic",
        top: "1",
        bottom: formatCount(worst + 1),
        lines: sides.map((side, at) => (
          { side, points: drawPoints(ranks[at]!, (rank) => Math.log(rank + 1) / Math.log(worst + 1)) }
        )),
      },
      {
        name: "Probability",
        top: "100 %",
        bottom: "0 %",
        lines: sides.map((side, at) => ({ side, points: drawPoints(probs[at]!, (p) => 1 - p) })),
      },
    ],
    rows: lens.map((layer) => rowOf(layer, sides.length)),
    hasRival,
  };
}

/** `height`: 0 = at the top, 1 = at the bottom. */
function drawPoints(values: readonly number[], height: (value: number) => number): string {
  const inner = LENS.height - 2 * MARGIN;
  const step = LENS.width / Math.max(1, values.length - 1);
  return values.map((value, at) =>
    `${formatCoordinate(at * step, 1)},${formatCoordinate(MARGIN + height(value) * inner, 1)}`
  )
    .join(" ");
}

function rowOf({ layer, top, tokens }: LensLayer, sides: number): LensRow {
  const best = top[0]!;
  return {
    layer: layer === 0 ? "before" : String(layer - 1),
    best: renderToken(best),
    bestShare: `${formatPercent(best.prob)} %`,
    ranks: tokens.slice(0, sides).map(({ rank, prob }) => ({
      rank: formatCount(rank + 1),
      share: `${formatPercent(prob)} %`,
    })),
  };
}

/** "space Paris is first from layer 26 on; its best rank before is 4." */
function sentenceOf(spoken: string, lens: readonly LensLayer[]): string {
  const ranks = lens.map(({ tokens }) => tokens[0]!.rank);
  const notFirst = ranks.findLastIndex((rank) => rank > 0);
  const best = (until: number) => formatCount(Math.min(...ranks.slice(0, until)) + 1);
  const after = (at: number) => at === 0 ? "before the first layer" : `after layer ${at - 1}`;
  if (notFirst === ranks.length - 1) {
    return `“${spoken}” is not first at the end; its best rank is ${best(ranks.length)}, ${
      after(ranks.indexOf(Math.min(...ranks)))
    }.`;
  }
  if (notFirst < 0) return `“${spoken}” is first from the start.`;
  return `“${spoken}” is first from ${after(notFirst + 1)} on; its best rank before is ${
    best(notFirst + 1)
  }.`;
}
