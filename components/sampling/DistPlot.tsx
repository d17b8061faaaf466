// The bar of one row: final probability, raw tick; for a removed token the raw probability hatched, with the reason.
import type { DistRow } from "../../lib/explorer/views/dist_rows.ts";
import { formatCoordinate } from "../../lib/basics/round.ts";

const LEAST_SEEN = 0.015; // a shorter hatched bar would look like a line
const NARROWEST = 122; // pixels of a plot
const CHARACTER = 5.6; // pixels, about, of the reason
const GAP = 12; // pixels between a bar and its reason

function share(value: number): string {
  return `${formatCoordinate(value * 100, 2)}%`;
}

type Row = Pick<DistRow, "kept" | "length" | "ghost" | "tick" | "reason">;

function Removed({ row }: { row: Row }) {
  // Behind the bar; where it would not fit there, on a plate at the end of the plot, over the bar.
  const width = row.reason.length * CHARACTER + 8;
  const fits = row.length * NARROWEST + GAP + width <= NARROWEST;
  return (
    <>
      <rect
        class="length removed"
        y="9"
        width={row.length < LEAST_SEEN ? 4 : share(row.length)}
        height="20"
      />
      {!fits && (
        <rect class="plate" x="100%" y="10" width={width} height="18" transform={`translate(-${width})`} />
      )}
      <text
        class="reason"
        x={fits ? share(row.length) : "100%"}
        y="50%"
        dx={fits ? GAP : -4}
        text-anchor={fits ? undefined : "end"}
        dy="0.35em"
      >
        {row.reason}
      </text>
    </>
  );
}

/** How long the bar was before the settings changed. */
function Ghost({ length }: { length: number }) {
  return <rect class="ghost" x="0.5" y="9.5" width={share(length)} height="19" />;
}

export function DistPlot({ row }: { row: Row }) {
  return (
    <svg class="plot" aria-hidden="true">
      {row.kept
        ? (
          <>
            <rect class="length final" y="9" width={row.length > 0 ? 1 : 0} height="20" />
            <rect class="length final" y="9" width={share(row.length)} height="20" />
            {row.ghost !== null && <Ghost length={row.ghost} />}
            {row.tick !== null && <rect class="raw-tick" x={share(row.tick)} y="5" width="2" height="28" />}
          </>
        )
        : <Removed row={row} />}
    </svg>
  );
}

/** The bar of all tokens that have no row. */
export function OtherPlot({ length }: { length: number }) {
  return (
    <svg class="plot" aria-hidden="true">
      <rect class="length other" y="9" width={length > 0 ? 1 : 0} height="20" />
      <rect class="length other" y="9" width={share(length)} height="20" />
    </svg>
  );
}
