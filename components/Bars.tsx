// The candidates as bars: a list of buttons, one stop for Tab, the arrows move inside. Lengths are SVG
// attributes: they hold before any script runs and need no inline style.
import { useEffect, useState } from "preact/hooks";
import type { DistributionView, RowView } from "../lib/explorer/distribution_view.ts";
import { TokenText } from "./TokenText.tsx";

function Plot({ length, kind }: { length: number; kind: "final" | "other" }) {
  return (
    <svg class="plot" aria-hidden="true">
      <rect class={`length ${kind}`} width={length > 0 ? 1 : 0} height="20" y="9" />
      <rect class={`length ${kind}`} width={`${(length * 100).toFixed(2)}%`} height="20" y="9" />
    </svg>
  );
}

interface BarRowProps {
  readonly row: RowView;
  readonly enabled: boolean;
  readonly tabIndex: number;
  readonly onAppend: () => void;
  readonly onFocus: () => void;
}

function BarRow({ row, enabled, tabIndex, onAppend, onFocus }: BarRowProps) {
  return (
    <button
      type="button"
      class={row.chosen ? "b chosen" : "b"}
      tabIndex={tabIndex}
      aria-disabled={enabled ? undefined : true}
      aria-current={row.chosen ? true : undefined}
      onClick={onAppend}
      onFocus={onFocus}
    >
      <span class="rank">{row.rank}</span>
      <span class="t">
        <span aria-hidden="true">
          <TokenText look={row.look} />
        </span>
        <span class="sr">{` ${row.look.spoken} `}</span>
      </span>
      <Plot length={row.length} kind="final" />
      <span class="pct">
        {row.percent}
        <small>%</small>
      </span>
    </button>
  );
}

/** The pattern of the "Other" bar, defined once. */
function Patterns() {
  return (
    <svg class="defs" aria-hidden="true" width="0" height="0">
      <pattern id="stripes" width="4" height="8" patternUnits="userSpaceOnUse">
        <rect class="stripe" width="2" height="8" />
      </pattern>
    </svg>
  );
}

function Axis({ labels }: { labels: DistributionView["axis"] }) {
  return (
    <svg class="axis" aria-hidden="true">
      {labels.map((label, at) => <text key={at} x={`${at * 50}%`} y="13" text-anchor="middle">{label}</text>)}
    </svg>
  );
}

interface BarsProps {
  readonly distribution: DistributionView;
  readonly onAppend: (index: number) => void;
}

export function Bars({ distribution, onAppend }: BarsProps) {
  const { rows, other, serial, appendable } = distribution;
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [serial]);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const last = rows.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll("button")[Math.min(last, Math.max(0, target))]?.focus();
  };
  return (
    <>
      <Patterns />
      <Axis labels={distribution.axis} />
      <ol class="bars" id="bars" aria-label="Candidates, most probable first" onKeyDown={onKeyDown}>
        {rows.map((row, at) => (
          <li key={at}>
            <BarRow
              row={row}
              enabled={appendable}
              tabIndex={at === Math.min(active, rows.length - 1) ? 0 : -1}
              onAppend={() => onAppend(at)}
              onFocus={() => setActive(at)}
            />
          </li>
        ))}
        <li class="b other" key="other">
          <span class="rank" />
          <span class="t">{other.label}</span>
          <Plot length={other.length} kind="other" />
          <span class={other.beyond ? "pct beyond" : "pct"}>
            {other.percent}
            <small>%</small>
          </span>
        </li>
      </ol>
    </>
  );
}
