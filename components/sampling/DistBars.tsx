// The candidates as bars: a list of buttons, one stop for Tab, the arrows move inside. A removed token's button
// opens its ledger. Needs <Patterns /> on the page.
import { PinOff } from "../icons.ts";
import { useEffect, useState } from "preact/hooks";
import type { DistRow, DistView } from "../../lib/explorer/views/dist_rows.ts";
import type { Draws } from "../../lib/explorer/teach/teaching_store.ts";
import { widthOf } from "../../lib/explorer/words/appearance.ts";
import { TokenText } from "../TokenText.tsx";
import { DistPlot, OtherPlot } from "./DistPlot.tsx";
import { memo, memoPlain } from "../memo.ts";
import { Explained } from "../Explained.tsx";
import { Written } from "../Written.tsx";

/** Characters of a percentage that fill its column. */
const LONG = 5;

function Percent({ value, beyond = false }: { value: string; beyond?: boolean }) {
  return (
    <span class={`pct${beyond ? " beyond" : ""}${value.length > LONG ? " long" : ""}`}>
      <Written text={value} />
      <small>%</small>
    </span>
  );
}

/** How often a token was drawn, at the end of its plot. */
function Drawn({ draws: { counts, total }, id }: { draws: Draws; id: number | null }) {
  const drawn = counts.get(id) ?? 0;
  return (
    <span class="count" data-tip={`Drawn ${drawn} times in ${total}`}>
      {drawn}
      <span aria-hidden="true">×</span>
      <span class="sr">{` times drawn in ${total} `}</span>
    </span>
  );
}

interface RowContentProps {
  readonly row: DistRow;
  readonly expert: boolean;
  readonly draws?: Draws | null;
}

function Content({ row, expert, draws }: RowContentProps) {
  return (
    <>
      <span class="rank">{row.rank}</span>
      <span class="t">
        <span aria-hidden="true">
          <TokenText rendering={row.rendering} />
        </span>
        <span class="sr">{` ${row.rendering.spoken} `}</span>
      </span>
      <DistPlot row={expert ? row : { ...row, tick: null }} />
      {draws && <Drawn draws={draws} id={row.id} />}
      <Percent value={row.final} />
      {expert && (
        <span class="rawn">
          <span class="sr">{row.raw === "" ? "" : " raw "}</span>
          <Written text={row.raw} />
        </span>
      )}
      {row.reason !== "" && <span class="sr">{` ${row.reason}`}</span>}
    </>
  );
}

/** What every row says, also where it is shown in the list of the vocabulary. Drawn again with another distribution,
 * not when the bars only wait or one of them is pointed at. */
export const RowContent = memo(
  Content,
  (before, next) =>
    before.expert === next.expert && before.draws === next.draws &&
    (before.row === next.row || JSON.stringify(before.row) === JSON.stringify(next.row)),
);

/** Characters that a name has room for beside the plot, on a phone and else. A longer one stands over its bar, which is
 * thinner there. */
const ROOM = { phone: 10, else: 13 };

export function rowClass(row: DistRow, previewed: boolean): string {
  const width = widthOf(row.rendering);
  const marks = [
    row.kept || "cut",
    width > ROOM.phone && (width > ROOM.else ? "long" : "longish"),
    row.chosen && "chosen",
    row.drawn && "drawn",
    previewed && "pre",
  ];
  return ["b", ...marks.filter((mark) => typeof mark === "string")].join(" ");
}

const Axis = memoPlain(({ labels, expert }: { labels: DistView["axis"]; expert: boolean }) => {
  return (
    <svg class={expert ? "axis expert" : "axis"} aria-hidden="true">
      {labels.map(({ at, text }) => (
        <text key={at} x={`${Math.round(at * 100)}%`} y="13" text-anchor="middle">{text}</text>
      ))}
      {expert && <text class="column" x="100%" dx="68" y="13" text-anchor="end">final</text>}
      {expert && <text class="column" x="100%" dx="132" y="13" text-anchor="end">raw</text>}
    </svg>
  );
});

interface DistBarsProps {
  readonly view: DistView;
  /** How often each token was drawn; null: that is not shown. */
  readonly draws?: Draws | null;
  /** Changes with every distribution: the first bar is the tab stop again. */
  readonly serial: number;
  readonly expert: boolean;
  /** False while the bars belong to an older text or setting. */
  readonly appendable: boolean;
  /** The token that the strip points at. */
  readonly previewed?: number | null;
  readonly onAppend: (id: number) => void;
  readonly onLedger: (id: number) => void;
  /** The bar under the pointer or the focus; null: none. */
  readonly onPreview?: (id: number | null) => void;
  /** Takes a pinned token out of the bars. */
  readonly onUnpin?: (id: number) => void;
  /** Opens the whole vocabulary. Without it the last row is only read. */
  readonly onOther?: () => void;
}

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** One stop for Tab among the rows: the arrows, Home and End move the focus between their buttons. */
function useTabStop(last: number, serial: number) {
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [serial]);
  const stop = Math.min(active, last);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const move = MOVES[event.key];
    if (move === undefined || event.altKey) return;
    event.preventDefault();
    const target = Math.min(last, Math.max(0, move(stop, last)));
    event.currentTarget.querySelectorAll<HTMLElement>("button.b")[target]?.focus();
  };
  return { stop, setActive, onKeyDown };
}

interface BarProps {
  readonly row: DistRow;
  readonly bars: DistBarsProps;
  readonly isStop: boolean;
  readonly onActive: () => void;
}

function Bar({ row, bars, isStop, onActive }: BarProps) {
  const { expert, appendable, onPreview, onAppend, onLedger } = bars;
  return (
    <button
      type="button"
      class={rowClass(row, row.id === (bars.previewed ?? null))}
      tabIndex={isStop ? 0 : -1}
      aria-disabled={appendable || !row.kept ? undefined : true}
      aria-current={row.chosen ? true : undefined}
      data-tip={row.kept ? undefined : `Excluded: ${row.reason}. Press to see why.`}
      onClick={() => row.kept ? appendable && onAppend(row.id) : onLedger(row.id)}
      onFocus={() => {
        onActive();
        onPreview?.(row.id);
      }}
      onPointerEnter={() => onPreview?.(row.id)}
      onPointerMove={() => onPreview?.(row.id)}
    >
      <RowContent row={row} expert={expert} draws={bars.draws ?? null} />
    </button>
  );
}

interface UnpinProps {
  readonly row: DistRow;
  readonly isStop: boolean;
  readonly onUnpin: (id: number) => void;
}

/** The mark of a pinned token, which takes it out again. */
function Unpin({ row, isStop, onUnpin }: UnpinProps) {
  return (
    <button
      type="button"
      class="ibtn sm pin"
      tabIndex={isStop ? 0 : -1}
      aria-pressed="true"
      aria-label={`Pin ${row.rendering.spoken} into the bars`}
      data-tip="Take it out of the bars"
      onClick={() => onUnpin(row.id)}
    >
      <PinOff size={14} strokeWidth={1.8} />
    </button>
  );
}

function OtherContent({ view: { other }, expert, draws }: DistBarsProps) {
  return (
    <>
      <span class="rank" />
      <span class="t">{other.label}</span>
      <OtherPlot length={other.length} />
      {draws && <Drawn draws={draws} id={null} />}
      <Percent value={other.final} beyond={other.beyond} />
      {expert && (
        <span class="rawn">
          <span class="sr">{other.raw === "" ? "" : " raw "}</span>
          <Written text={other.raw} />
        </span>
      )}
    </>
  );
}

/** The last row: all other tokens. */
function Other({ bars, isStop, onActive }: Omit<BarProps, "row">) {
  const { onOther } = bars;
  if (onOther === undefined) return <OtherContent {...bars} />;
  return (
    <button
      type="button"
      class="b other"
      tabIndex={isStop ? 0 : -1}
      data-tip="Show the whole vocabulary"
      onClick={onOther}
      onFocus={onActive}
    >
      <OtherContent {...bars} />
    </button>
  );
}

export function DistBars(props: DistBarsProps) {
  const { view, expert, onPreview, onOther } = props;
  const { rows } = view;
  const last = rows.length - 1 + (onOther ? 1 : 0);
  const { stop, setActive, onKeyDown } = useTabStop(last, props.serial);
  return (
    <>
      <Axis labels={view.axis} expert={expert} />
      <ol
        class={expert ? "bars expert" : "bars"}
        id="bars"
        aria-label="Candidates, most probable first"
        onKeyDown={onKeyDown}
        onPointerLeave={() => onPreview?.(null)}
        onFocusOut={() => onPreview?.(null)}
      >
        {rows.map((row, at) => (
          <li key={at} class={row.pinned && props.onUnpin ? "found" : undefined}>
            <Bar row={row} bars={props} isStop={at === stop} onActive={() => setActive(at)} />
            {row.pinned && props.onUnpin && (
              <Unpin key={row.id} row={row} isStop={at === stop} onUnpin={props.onUnpin} />
            )}
          </li>
        ))}
        <li class={onOther === undefined ? "b other" : undefined} key="other">
          <Other bars={props} isStop={stop === last} onActive={() => setActive(last)} />
        </li>
      </ol>
    </>
  );
}

/** What the marks of the bars mean. */
export function BarsKey({ removed }: { removed: boolean }) {
  return (
    <p class="key">
      <span>
        <svg width="18" height="10" aria-hidden="true">
          <rect class="key-final" width="18" height="10" rx="1" />
        </svg>
        <Explained term="final">Final probability</Explained>
      </span>
      <span>
        <svg width="4" height="12" aria-hidden="true">
          <rect class="key-raw" x="1" width="2" height="12" />
        </svg>
        <Explained term="raw">Raw model probability</Explained>
      </span>
      {removed && (
        <span>
          <svg width="18" height="10" aria-hidden="true">
            <rect class="key-cut" x="0.5" y="0.5" width="17" height="9" />
          </svg>
          Excluded
        </span>
      )}
    </p>
  );
}
