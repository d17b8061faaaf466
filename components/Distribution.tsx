// The right card: what could come next, or why that cannot be said.
import type { ReadonlySignal } from "@preact/signals";
import { ChartBarBig, Search, Table, ZoomIn } from "./icons.ts";
import type { ComponentChildren } from "preact";
import type { Actions } from "../lib/explorer/page/actions.ts";
import type { BarsView, InspectionNotice, SummaryItem } from "../lib/explorer/views/bars_view.ts";
import type { Draws } from "../lib/explorer/teach/teaching_store.ts";
import type { PlaceholderAction, PlaceholderView } from "../lib/explorer/views/placeholder.ts";
import type { Ghost } from "../lib/explorer/asking/peek.ts";
import type { Display } from "../lib/explorer/session/display.ts";
import type { Settings } from "../lib/explorer/session/types.ts";
import { ActionButton } from "./ActionButton.tsx";
import { Controls } from "./Controls.tsx";
import { useLate } from "./late.ts";
import { memoPlain } from "./memo.ts";
import { Placeholder } from "./Placeholder.tsx";
import { DrawStrip } from "./draw/DrawStrip.tsx";
import { BarsKey, DistBars } from "./sampling/DistBars.tsx";
import { HiddenSettings } from "./sampling/HiddenSettings.tsx";
import { DistTable } from "./sampling/DistTable.tsx";
import { Segmented } from "./Segmented.tsx";
import { TokenText } from "./TokenText.tsx";

const AXES = [
  { value: "linear", label: "0–100 %" },
  { value: "zoom", label: "Zoom" },
  { value: "log", label: "Log", term: "axis" },
] as const;

const Summary = memoPlain(({ items }: { items: readonly SummaryItem[] }) => {
  return (
    <dl class="summary">
      {items.map((item) => (
        <div key={item.label} tabIndex={0} data-term={item.term}>
          <dt>{item.label}</dt>
          <dd>
            {item.value} <small>{item.unit}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
});

/** What may be done; while it is computed that, in the same place: nothing beside it moves. */
function Says({ text, busy }: { text: string; busy: boolean }) {
  return (
    <span class="says">
      <span class="hint">{text}</span>
      {busy && <span class="computing">Computing…</span>}
    </span>
  );
}

interface NoticeProps {
  readonly notice: InspectionNotice;
  readonly busy: boolean;
  readonly onBack: () => void;
}

function Notice({ notice, busy, onBack }: NoticeProps) {
  return (
    <div class="inspection-notice" role="status">
      <p>
        <span class="inspected-token">
          Before{" "}
          <b>
            <TokenText rendering={notice.rendering} />
          </b>{" "}
          ({notice.where})
        </span>
        <small>
          <Says text={`${notice.facts} Choose another bar to branch.`} busy={busy} />
        </small>
      </p>
      <ActionButton class="btn sm" label="Back to the end" tip="Back to the end  Esc" onPress={onBack}>
        Back
      </ActionButton>
    </div>
  );
}

interface AreaProps {
  readonly bars: BarsView;
  readonly draws: Draws | null;
  readonly display: Display;
  readonly actions: Actions;
  readonly ghost: ReadonlySignal<Ghost | null>;
  readonly onAppend: (id: number) => void;
  readonly onLedger: (id: number) => void;
  readonly onOther: () => void;
}

/** Reads the hovered token by itself: hovering draws nothing else again. */
function Area({ bars, draws, display, actions, ghost, onAppend, onLedger, onOther }: AreaProps) {
  const previewed = ghost.value?.id ?? null;
  return (
    <>
      <DrawStrip view={bars.draw} previewed={previewed} onPreview={actions.preview} />
      {display.table ? <DistTable view={bars.dist} /> : (
        <DistBars
          view={bars.dist}
          draws={draws?.number === bars.serial ? draws : null}
          serial={bars.serial}
          expert={display.expert}
          appendable={bars.appendable}
          previewed={previewed}
          onAppend={onAppend}
          onLedger={onLedger}
          onPreview={actions.preview}
          onUnpin={(id) => actions.pin(id, false)}
          onOther={onOther}
        />
      )}
    </>
  );
}

interface DistributionProps {
  readonly bars: BarsView | null;
  /** Draws that are shown beside the bars. */
  readonly draws: Draws | null;
  readonly placeholder: PlaceholderView | null;
  readonly settings: Settings;
  /** What "More controls" has in force while it is closed, in words. */
  readonly hidden: readonly string[];
  readonly display: Display;
  readonly actions: Actions;
  readonly ghost: ReadonlySignal<Ghost | null>;
  /** How far the reading of a long prompt is. */
  readonly reading: ComponentChildren;
  readonly onAppend: (id: number) => void;
  readonly onPlaceholder: (action: PlaceholderAction) => void;
  readonly onLedger: (id: number) => void;
  readonly onSearch: () => void;
  /** The search over the vocabulary, in place of the bars; null: it is closed. */
  readonly search: ComponentChildren | null;
  /** What is asked before the bars are shown, in their place; null: they are shown. */
  readonly guess: ComponentChildren | null;
  /** The field that forces text. */
  readonly force: ComponentChildren;
}

/** Whether the axis is zoomed; among all controls, powers of ten too. */
function AxisChoice({ display: { axis, expert, table }, actions }: { display: Display; actions: Actions }) {
  const choose = (axis: Display["axis"]) => actions.display({ axis });
  if (expert) return <Segmented label="Axis" value={axis} options={AXES} onChange={choose} />;
  const zoomed = axis === "zoom";
  return table ? null : (
    <ActionButton
      class="ibtn sm"
      label="Zoom the axis to the longest bar"
      pressed={zoomed}
      tip={zoomed ? "0 to 100 %  L" : "Zoom to the longest bar  L"}
      onPress={() => choose(zoomed ? "linear" : "zoom")}
    >
      <ZoomIn size={16} strokeWidth={1.7} />
    </ActionButton>
  );
}

function TableButton({ table, actions }: { table: boolean; actions: Actions }) {
  return (
    <ActionButton
      class="ibtn sm"
      label="Show as table"
      pressed={table}
      tip={table ? "Show as bars  T" : "Show as table  T"}
      onPress={actions.toggleTable}
    >
      {table ? <ChartBarBig size={16} strokeWidth={1.7} /> : <Table size={16} strokeWidth={1.7} />}
    </ActionButton>
  );
}

function Head({ props, busy }: { props: DistributionProps; busy: boolean }) {
  const { bars, placeholder, display, actions, search } = props;
  const looking = placeholder === null && bars?.notice != null;
  const shown = placeholder === null && props.guess === null;
  return (
    <div class="bar">
      <h2 class={looking ? "sr" : "h"} id="distribution-label">Next token</h2>
      {looking && <Notice notice={bars!.notice!} busy={busy} onBack={() => actions.inspect(null)} />}
      <HiddenSettings
        settings={props.hidden}
        onOpen={() => actions.display({ expert: true, tab: "sampling" })}
        onReset={actions.resetHidden}
      />
      {!looking && (
        <span class="note">
          <Says text={shown ? bars?.hint ?? "" : ""} busy={busy} key={bars?.serial} />
        </span>
      )}
      {!looking && <span class="grow" />}
      {!looking && <AxisChoice display={display} actions={actions} />}
      <ActionButton
        class="ibtn sm"
        label="Search the vocabulary"
        pressed={search !== null}
        tip="Search the vocabulary  /"
        onPress={props.onSearch}
      >
        <Search size={16} strokeWidth={1.7} />
      </ActionButton>
      <TableButton table={display.table} actions={actions} />
    </div>
  );
}

/** Answers that come within this time change no bar twice. */
const SOON_MS = 80;

/** Classes of the card: `stale` says at once that the bars are old ones, for programs that read the page; what one sees
 * of that (`dim`, and `shut`, that they cannot be pressed) comes later, because most answers are there before it. */
function useCardClass(bars: BarsView | null): string {
  const stale = bars?.stale === true;
  const [dim, shut] = [useLate(stale, SOON_MS), useLate(bars?.appendable === false, SOON_MS)];
  return ["card dist", stale && "stale", dim && "dim", shut && "shut"].filter(Boolean).join(" ");
}

export function Distribution(props: DistributionProps) {
  const { bars, placeholder, display, actions, search } = props;
  const busy = placeholder === null ? bars?.busy === true : placeholder.kind === "waiting";
  return (
    <div class={useCardClass(bars)} aria-busy={busy ? true : undefined}>
      <Head props={props} busy={busy} />
      {props.reading}
      {(placeholder === null || placeholder.kind === "waiting") && (
        <Controls settings={props.settings} actions={actions} />
      )}
      {placeholder !== null && <Placeholder placeholder={placeholder} onAction={props.onPlaceholder} />}
      {placeholder === null && bars !== null && (
        <>
          {props.guess ?? search ?? (
            <Area
              bars={bars}
              draws={props.draws}
              display={display}
              actions={actions}
              ghost={props.ghost}
              onAppend={props.onAppend}
              onLedger={props.onLedger}
              onOther={props.onSearch}
            />
          )}
          <Summary items={bars.summary} />
          {display.expert && search === null && <BarsKey removed={bars.removed} />}
          {props.force}
        </>
      )}
    </div>
  );
}
