// The lines of the tree left of a row. Their widths are probabilities, as SVG attributes: no inline style.
import type { BranchRow } from "../../lib/explorer/views/branch_view.ts";
import { round } from "../../lib/basics/round.ts";

const STEP = 20; // pixels for each level
const FIRST = 14; // the middle of the first level's node
const NODE = 4.5;
const RADIUS = 8;
const [THINNEST, THICKEST] = [1.5, 7];

const middle = (level: number) => FIRST + level * STEP;

/** Pixels of a line for a probability. */
function lineWidthOf(share: number): number {
  return round(THINNEST + (THICKEST - THINNEST) * Math.sqrt(Math.min(1, Math.max(0, share))), 2);
}

function Elbow({ row }: { row: BranchRow }) {
  const x = middle(row.level - 1);
  const across = STEP - RADIUS - NODE - 2;
  const width = lineWidthOf(row.share);
  return (
    <>
      {row.goesOn ? <line x1={x} x2={x} y1="0" y2="100%" class="rail" stroke-width="1.5" /> : (
        // Up to where the curve begins: a percentage less a few pixels.
        <svg y={-RADIUS} overflow="visible">
          <line x1={x} x2={x} y1="0" y2="50%" class="rail" stroke-width="1.5" />
        </svg>
      )}
      <svg y="50%" overflow="visible">
        <path
          class="way"
          d={`M${x} ${-RADIUS}q0 ${RADIUS} ${RADIUS} ${RADIUS}h${across}`}
          stroke-width={width}
        />
      </svg>
    </>
  );
}

export function BranchLines({ row }: { row: BranchRow }) {
  const x = middle(row.level);
  return (
    <svg class="lines" width={x + NODE + 9} aria-hidden="true">
      {row.rails.slice(0, -1).map((passes, level) =>
        passes && (
          <line
            key={level}
            x1={middle(level)}
            x2={middle(level)}
            y1="0"
            y2="100%"
            class="rail"
            stroke-width="1.5"
          />
        )
      )}
      {row.stem && <line x1={x} x2={x} y1="50%" y2="100%" class="rail" stroke-width="1.5" />}
      {row.level > 0 && <Elbow row={row} />}
      {row.picked === null
        ? <circle class={row.current ? "node on" : "node"} cx={x} cy="50%" r={NODE} />
        : (
          <svg x={x} y="50%" overflow="visible" class={`pick pick-${row.picked}`}>
            <circle r="8" />
            <text y="4" text-anchor="middle">{row.picked}</text>
          </svg>
        )}
    </svg>
  );
}
