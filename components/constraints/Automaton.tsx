// The automaton of a small regular expression; the state in which the text stands is filled.
import { useMemo } from "preact/hooks";
import {
  drawAutomaton,
  type DrawnArrow,
  type DrawnState,
} from "../../lib/explorer/constraints/automaton_layout.ts";
import type { Valid } from "../../lib/explorer/constraints/protocol.ts";
import { Explained } from "../Explained.tsx";

function Arrow({ arrow: { path, label, x, y } }: { arrow: DrawnArrow }) {
  return (
    <g>
      <path class="arrow" d={path} marker-end="url(#arrow-head)" />
      <text x={x} y={y} text-anchor="middle">{label}</text>
    </g>
  );
}

function State(
  { at, radius, index, here }: { at: DrawnState; radius: number; index: number; here: boolean },
) {
  return (
    <g class={here ? "state here" : "state"}>
      <circle cx={at.x} cy={at.y} r={radius} />
      {at.accepts && <circle class="end" cx={at.x} cy={at.y} r={radius - 4} />}
      <text x={at.x} y={at.y + 4} text-anchor="middle">{index + 1}</text>
    </g>
  );
}

interface AutomatonProps {
  readonly automaton: NonNullable<Valid["automaton"]>;
  /** The engine's number of the state in which the text stands; null: not known. */
  readonly here: number | null;
}

export function Automaton({ automaton, here }: AutomatonProps) {
  const drawing = useMemo(() => drawAutomaton(automaton), [automaton]);
  const { width, height, states, arrows, radius } = drawing;
  const at = states.findIndex(({ state }) => state === here);
  const stands = at < 0 ? "" : ` The text stands in state ${at + 1}.`;
  return (
    <figure class="automaton">
      <figcaption class="sub" id="automaton-label">
        <Explained term="automaton">The pattern as a map</Explained>: {states.length}{" "}
        states, double circles may end the text.{stands}
      </figcaption>
      <div class="automaton-scroll" tabIndex={0} role="group" aria-labelledby="automaton-label">
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby="automaton-label"
        >
          <marker
            id="arrow-head"
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path class="arrow-head" d="M0 0 8 4 0 8Z" />
          </marker>
          {arrows.map((arrow, index) => <Arrow key={index} arrow={arrow} />)}
          {states.map((state, index) => (
            <State key={index} at={state} radius={radius} index={index} here={index === at} />
          ))}
        </svg>
      </div>
    </figure>
  );
}
