// The draw strip: every token side by side, 100 % of the probability, and the point that a draw landed on.
import type { DistResult } from "../../wire/distribution.ts";
import { orderTokens } from "./dist_rows.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { drawText } from "../words/format.ts";

export interface Segment {
  /** Null: all the tokens that have no row. */
  readonly id: number | null;
  readonly rendering: TokenRendering | null;
  /** Where it begins and how wide it is, 0..1 of the strip. */
  readonly start: number;
  readonly width: number;
  /** Characters that a label needs. */
  readonly size: number;
}

/** A segment narrower than this is not drawn: half a pixel of a wide strip. */
const LEAST_WIDTH = 0.0005;

/** The segments in the order in which a draw looks a number up: by final probability, then the rest. */
export function segmentsOf(dist: DistResult): Segment[] {
  const { kept } = orderTokens(dist);
  const known = kept.length > 0 ? kept : dist.kept_top;
  const segments: Segment[] = [];
  let start = 0;
  for (const token of known) {
    if (token.p_final >= LEAST_WIDTH) {
      const size = Math.max(1, token.special ? token.text.length : [...token.display].length);
      segments.push({ id: token.id, rendering: renderToken(token), start, width: token.p_final, size });
    }
    start += token.p_final;
  }
  const rest = 1 - start;
  if (rest >= LEAST_WIDTH) segments.push({ id: null, rendering: null, start, width: rest, size: 0 });
  return segments;
}

/** Pixels of a label: padding and monospaced characters of 12 px. */
const LABEL_PADDING = 12;
const CHARACTER_WIDTH = 7.4;

/** True where the label of a segment fits into a strip of so many pixels. */
export function fits({ rendering, width, size }: Segment, stripPixels: number): boolean {
  return rendering !== null && width * stripPixels > LABEL_PADDING + CHARACTER_WIDTH * size;
}

/** What a draw did; null: nothing was drawn here (idle, greedy, chosen or forced by hand). */
export interface DrawnPoint {
  readonly id: number;
  readonly u: number; // 0..1
  readonly token: Parameters<typeof renderToken>[0];
}

export interface DrawView {
  readonly segments: readonly Segment[];
  /** Where the needle stands, 0..1; null: there is none. */
  readonly needle: number | null;
  /** The segment it landed in. */
  readonly hot: number | null;
  readonly note: DrawNote;
}

export type DrawNote =
  | { readonly kind: "idle"; readonly text: string }
  | { readonly kind: "drawn"; readonly u: string; readonly rendering: TokenRendering; readonly more: string }
  /** The draw before, on its own strip. */
  | {
    readonly kind: "last";
    readonly u: string;
    readonly rendering: TokenRendering;
    readonly strip: LastStrip | null;
  };

/** The strip of a draw that has landed, and where its needle stood. */
export type LastStrip = Pick<DrawView, "segments" | "needle" | "hot">;

const IDLE = "All tokens side by side: 100 % of the probability. Step draws one point here.";
const GREEDY = "All tokens side by side. Greedy takes the first: nothing is drawn.";

/** The strip of a distribution and the last draw from it. `then`: the settings it was made with, where they are not the
 * present ones. */
export function drawView(
  dist: DistResult,
  drawn: DrawnPoint | null,
  greedy = false,
  then = "",
): DrawView {
  const segments = segmentsOf(dist);
  if (drawn === null) {
    const old = then === "" ? null : `The bars as they were then, with ${then}.`;
    const note: DrawNote = { kind: "idle", text: old ?? (greedy ? GREEDY : IDLE) };
    return { segments, needle: null, hot: null, note };
  }
  const shown = segments.some(({ id }) => id === drawn.id);
  return {
    segments,
    needle: drawn.u,
    hot: shown ? drawn.id : null,
    note: {
      kind: "drawn",
      u: drawText(drawn.u),
      rendering: renderToken(drawn.token),
      more: `${shown ? "" : ", one of the others"}${then === "" ? "" : `, with ${then}`}`,
    },
  };
}
