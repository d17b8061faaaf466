// The right card: what could come next, or why that cannot be said.
import { ChartBarBig, Table } from "lucide-preact";
import type { CoverAction, CoverView } from "../lib/explorer/cover.ts";
import type { DistributionView, SummaryItem } from "../lib/explorer/distribution_view.ts";
import type { Settings } from "../lib/explorer/types_v1.ts";
import { ActionButton } from "./ActionButton.tsx";
import { Bars } from "./Bars.tsx";
import { CandidateTable } from "./CandidateTable.tsx";
import { Controls } from "./Controls.tsx";
import { Cover } from "./Cover.tsx";

function Summary({ items }: { items: readonly SummaryItem[] }) {
  return (
    <dl class="summary">
      {items.map((item) => (
        <div key={item.label} tabIndex={0} data-tip={item.hint}>
          <dt>{item.label}</dt>
          <dd>
            {item.value} <small>{item.unit}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface DistributionProps {
  readonly distribution: DistributionView | null;
  readonly cover: CoverView | null;
  readonly settings: Settings;
  readonly table: boolean;
  readonly onTable: () => void;
  readonly onSettings: (change: Partial<Settings>) => void;
  readonly onAppend: (index: number) => void;
  readonly onCover: (action: CoverAction) => void;
}

export function Distribution(props: DistributionProps) {
  const { distribution, cover, table } = props;
  const busy = distribution?.stale || cover?.kind === "waiting";
  const tableTip = table ? "Show as bars  T" : "Show as table  T";
  return (
    <div
      class={distribution?.stale ? "card dist stale" : "card dist"}
      aria-busy={busy ? true : undefined}
    >
      <div class="bar">
        <h2 class="h" id="distribution-label">Next token</h2>
        <span class="note hint">
          {table && distribution ? "Press 1 to 9 or 0 to append." : distribution?.hint}
        </span>
        <span class="grow" />
        {busy && <span class="note computing">Computing…</span>}
        <ActionButton
          class="ibtn sm"
          label="Show as table"
          pressed={table}
          tip={tableTip}
          onPress={props.onTable}
        >
          {table ? <ChartBarBig size={16} strokeWidth={1.7} /> : <Table size={16} strokeWidth={1.7} />}
        </ActionButton>
      </div>
      {(cover === null || cover.kind === "waiting") && (
        <Controls settings={props.settings} onChange={props.onSettings} />
      )}
      {cover !== null && <Cover cover={cover} onAction={props.onCover} />}
      {distribution !== null && (
        <>
          {table
            ? <CandidateTable distribution={distribution} />
            : <Bars distribution={distribution} onAppend={props.onAppend} />}
          <Summary items={distribution.summary} />
        </>
      )}
    </div>
  );
}
