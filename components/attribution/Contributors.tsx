// The strongest tokens as bars from a middle line: for A to the right, for B (or against) to the left, in stripes.
import type { Contributor } from "../../lib/explorer/attribution/contributors.ts";
import { TokenText } from "../TokenText.tsx";
import { Mark } from "./Mark.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

interface ContributorsProps {
  readonly title: string;
  readonly rows: readonly Contributor[];
  readonly signed: boolean;
  /** There is a B: below 0 is for it. */
  readonly rival: boolean;
}

/** A bar of a share −1..1. Below 0 it goes to the left of the middle. */
export function ShareBar({ share, signed }: { share: number; signed: boolean }) {
  const full = signed ? 50 : 100;
  const width = Math.abs(share) * full;
  const x = signed ? (share < 0 ? 50 - width : 50) : 0;
  return (
    <svg class="attr-bar" aria-hidden="true">
      {signed && <line class="attr-zero" x1="50%" x2="50%" y1="0" y2="100%" />}
      <rect
        class={share < 0 ? "attr-b" : "attr-a"}
        x={`${formatCoordinate(x, 2)}%`}
        y="3"
        width={`${formatCoordinate(width, 2)}%`}
        height="16"
      />
    </svg>
  );
}

export function Contributors({ title, rows, signed, rival }: ContributorsProps) {
  return (
    <section aria-labelledby="attr-strongest">
      <h3 class="h" id="attr-strongest">{title}</h3>
      <ol class="attr-list">
        {rows.map(({ key, rendering, score, share }) => (
          <li key={key}>
            <span class="t">
              <span aria-hidden="true">
                <TokenText rendering={rendering} />
              </span>
              <span class="sr">{rendering.spoken}</span>
            </span>
            <ShareBar share={share} signed={signed} />
            <span class="num">{score}</span>
          </li>
        ))}
      </ol>
      {signed && (
        <p class="key">
          <span>
            <Mark side="a" /> {rival ? "pushes to A" : "speaks for it"}
          </span>
          <span>
            <Mark side="b" /> {rival ? "pushes to B" : "speaks against it"}
          </span>
        </p>
      )}
    </section>
  );
}
