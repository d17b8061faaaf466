/// <reference lib="dom" />
// All tokens that were found, by rank: only the rows in view are in the document, the rest is asked for when it is
// scrolled to. Lengths that the rows leave out are those of empty SVGs.
import { Pin, PinOff } from "../icons.ts";
import { type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { findRowWindow, scrollFor, type VocabularyRow } from "../../lib/explorer/views/vocabulary_view.ts";
import { rowClass, RowContent } from "../sampling/DistBars.tsx";

const ROWS_BEFORE_MEASURING = 10;
const ROW_BEFORE_MEASURING = 38; // pixels, as --row

interface Callbacks {
  /** Appends a token. */
  readonly onAppend: (id: number) => void;
  /** Opens the ledger of a removed token. */
  readonly onLedger: (id: number) => void;
  /** Takes a token into the bars, or out of them. */
  readonly onPin: (id: number, pinned: boolean) => void;
}

interface VocabularyListProps extends Callbacks {
  /** Tokens that match; null while it is not known. */
  readonly total: number | null;
  /** "49,152 tokens, most probable first" or what keeps the list empty. */
  readonly note: string;
  /** The row at an index; undefined: its page is not here yet. */
  readonly rowAt: (index: number) => VocabularyRow | undefined;
  /** The rows in view have changed: their pages are wanted. */
  readonly onRange: (offset: number, limit: number) => void;
  /** ↑ on the first row: back into the search box. */
  readonly onUp: () => void;
  readonly expert: boolean;
  readonly appendable: boolean;
  readonly list: RefObject<HTMLOListElement>;
}

interface ItemProps extends Callbacks {
  readonly row: VocabularyRow | undefined;
  readonly index: number;
  readonly total: number;
  readonly tabIndex: number;
  readonly expert: boolean;
  readonly appendable: boolean;
  readonly onFocus: () => void;
}

function Item(props: ItemProps) {
  const { row, index, total, tabIndex } = props;
  if (row === undefined) {
    return <li class="waiting" aria-setsize={total} aria-posinset={index + 1} aria-label="Loading" />;
  }
  const press = () => row.kept ? props.appendable && props.onAppend(row.id) : props.onLedger(row.id);
  return (
    <li class="found" aria-setsize={total} aria-posinset={index + 1}>
      <button
        type="button"
        class={rowClass(row, false)}
        data-index={index}
        tabIndex={tabIndex}
        aria-disabled={props.appendable || !row.kept ? undefined : true}
        onClick={press}
        onFocus={props.onFocus}
      >
        <RowContent row={row} expert={props.expert} />
      </button>
      <button
        type="button"
        class="ibtn sm pin"
        tabIndex={tabIndex}
        aria-pressed={row.pinned}
        aria-label={`Pin ${row.rendering.spoken} into the bars`}
        data-tip={row.pinned ? "Take it out of the bars" : "Pin it into the bars"}
        onClick={() => props.onPin(row.id, !row.pinned)}
      >
        {row.pinned ? <PinOff size={14} strokeWidth={1.8} /> : <Pin size={14} strokeWidth={1.8} />}
      </button>
    </li>
  );
}

/** The height of a row, as the stylesheet has it at this width. */
function rowHeightOf(list: HTMLElement): number {
  return parseFloat(getComputedStyle(list).getPropertyValue("--row")) || ROW_BEFORE_MEASURING;
}

/** Which part of the list is in view. */
function useView(list: RefObject<HTMLOListElement>, total: number) {
  const [view, setView] = useState({
    top: 0,
    height: ROWS_BEFORE_MEASURING * ROW_BEFORE_MEASURING,
    row: ROW_BEFORE_MEASURING,
  });
  const measure = () => {
    const element = list.current;
    if (element === null) return;
    setView({ top: element.scrollTop, height: element.clientHeight, row: rowHeightOf(element) });
  };
  useEffect(() => {
    if (list.current === null) return;
    const observer = new ResizeObserver(measure);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [total === 0]);
  return { view, measure, window: findRowWindow(view.top, view.height, view.row, total) };
}

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: (_, last) => last,
};

/** The row that Tab stops at and the arrows move. */
function useActiveRow(
  props: VocabularyListProps,
  total: number,
  { view, measure }: ReturnType<typeof useView>,
) {
  const { list } = props;
  const [active, setActive] = useState(0);
  const at = useRef(0); // ahead of `active` while keys come faster than the page is drawn
  const moving = useRef(false);
  const activate = (index: number) => {
    at.current = index;
    setActive(index);
  };
  useEffect(() => {
    activate(0);
    if (list.current !== null) list.current.scrollTop = 0;
  }, [total]);
  useLayoutEffect(() => {
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${at.current}"]`);
    if (!moving.current || !row) return;
    moving.current = false;
    row.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined || event.altKey || list.current === null) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && at.current === 0) return props.onUp();
    const target = Math.min(total - 1, Math.max(0, move(at.current, total - 1)));
    list.current.scrollTop = scrollFor(target, list.current.scrollTop, view.height, view.row);
    moving.current = true;
    activate(target);
    measure();
  };
  return { active, activate, onKeyDown };
}

/** Takes the place of rows that are not in the document. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <li aria-hidden="true">
      <svg class="spacer" width="1" height={height} />
    </li>
  );
}

export function VocabularyList(props: VocabularyListProps) {
  const { list, note, onRange, expert, appendable, onAppend, onLedger, onPin } = props;
  const total = props.total ?? 0;
  const shown = useView(list, total);
  const { view, measure, window: { first, count } } = shown;
  const { active, activate, onKeyDown } = useActiveRow(props, total, shown);
  useEffect(() => {
    if (count > 0) onRange(first, count);
  }, [first, count, total]);
  const rows = Array.from({ length: count }, (_, at) => first + at);
  const stop = Math.min(Math.max(active, first), first + count - 1);
  return (
    <div class="vocabulary">
      <p class="note found-note" role="status">{note}</p>
      <ol
        class={expert ? "bars expert all" : "bars all"}
        ref={list}
        aria-label="All tokens, most probable first"
        onScroll={measure}
        onKeyDown={onKeyDown}
      >
        <Spacer height={first * view.row} />
        {rows.map((index) => (
          <Item
            key={index}
            row={props.rowAt(index)}
            index={index}
            total={total}
            tabIndex={index === stop ? 0 : -1}
            {...{ expert, appendable, onAppend, onLedger, onPin }}
            onFocus={() => activate(index)}
          />
        ))}
        <Spacer height={(total - first - count) * view.row} />
      </ol>
    </div>
  );
}
