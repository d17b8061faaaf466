// The curves behind a faithfulness score as lines of a small picture.
import type { Faithfulness } from "../../wire/attribution.ts";
import { formatCoordinate } from "../../basics/round.ts";
import { formatAmount } from "../../basics/number_text.ts";

/** Size of the drawing, in its own units. */
export const CURVE = { width: 240, height: 72 } as const;

const MARGIN = 4;

export interface CurveLines {
  /** Points of SVG polylines. */
  readonly most: string;
  readonly least: string;
  readonly random: string; // the mean of the random orders
  /** The largest number of removed tokens. */
  readonly counts: number;
  /** What the picture shows, in a sentence. */
  readonly falls: string;
}

/** Log-probability by the number of removed tokens, from nothing removed to the largest count. */
export function drawCurves({ curves }: Faithfulness): CurveLines {
  const { counts, base, most_first: most, least_first: least, random } = curves;
  const mean = counts.map((_, at) =>
    random.reduce((sum, row) => sum + row[at]!, 0) / Math.max(1, random.length)
  );
  const all = [base, ...most, ...least, ...mean];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const last = counts.at(-1) ?? 1;
  const x = (count: number) => (count / last) * CURVE.width;
  const y = (value: number) =>
    MARGIN + (high === low ? 0 : (high - value) / (high - low)) * (CURVE.height - 2 * MARGIN);
  const line = (row: readonly number[]) =>
    [[0, base] as const, ...counts.map((count, at) => [count, row[at]!] as const)]
      .map(([count, value]) => `${formatCoordinate(x(count), 1)},${formatCoordinate(y(value), 1)}`)
      .join(" ");
  const drop = (row: readonly number[]) => formatAmount(base - (row.at(-1) ?? base));
  return {
    most: line(most),
    least: line(least),
    random: line(mean),
    counts: last,
    falls:
      `After removing ${last} tokens the log-probability has fallen by ${
        drop(most)
      } with the highest scores first, ` +
      `by ${drop(least)} with the lowest first, by ${drop(mean)} in random order.`,
  };
}
