// All paths as a list of buttons: one stop for Tab, the arrows move inside, F2 renames, Delete deletes.
import { Columns2, Pencil, Trash2 } from "../icons.ts";
import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type { BranchRow } from "../../lib/explorer/views/branch_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import { memo } from "../memo.ts";
import { BranchLines } from "./BranchLines.tsx";
import { BranchName } from "./BranchName.tsx";
import { Written } from "../Written.tsx";

interface BranchTreeProps {
  readonly rows: readonly BranchRow[];
  /** Presses pick paths to compare instead of going to them. */
  readonly comparing: boolean;
  readonly onSwitch: (id: number) => void;
  readonly onRename: (id: number, name: string) => void;
  readonly onDelete: (id: number) => void;
  readonly onComparing: (on: boolean) => void;
  readonly onPick: (id: number) => void;
  /** The row whose name is being written at first. */
  readonly renaming?: number | null;
}

/** What a press or a key in a row does; the same functions for as long as the tree is on the page. */
interface RowHandlers {
  readonly onPress: (id: number) => void;
  readonly onFocus: (at: number) => void;
  readonly onRename: (id: number) => void;
  readonly onName: (at: number, name: string | null) => void;
  readonly onDelete: (at: number) => void;
}

interface RowProps {
  readonly row: BranchRow;
  readonly at: number;
  readonly comparing: boolean;
  readonly active: boolean;
  readonly renaming: boolean;
  readonly handlers: RowHandlers;
}

function RowBody(props: RowProps) {
  const { row, at, comparing, active, handlers } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "F2") handlers.onRename(row.id);
    else if (event.key === "Delete" && row.canDelete) handlers.onDelete(at);
    else return;
    event.preventDefault();
  };
  return (
    <button
      type="button"
      class="sw"
      tabIndex={active ? 0 : -1}
      aria-current={row.current ? true : undefined}
      aria-pressed={comparing ? row.picked !== null : undefined}
      data-tip={row.origin === "" ? undefined : `It ${row.origin.replace(" percent", " %")}.`}
      onClick={() => handlers.onPress(row.id)}
      onFocus={() => handlers.onFocus(at)}
      onKeyDown={onKeyDown}
    >
      <b dir="auto">{row.name}</b>
      <span class="preview" dir="auto">{row.preview}</span>
      <span class="sr">{row.origin === "" ? "" : `, ${row.origin}`}</span>
    </button>
  );
}

function Row(props: RowProps) {
  const { row, at, active, renaming, handlers } = props;
  return (
    <li class={row.current ? "br on" : "br"}>
      <BranchLines row={row} />
      {renaming
        ? <BranchName name={row.name} onDone={(name) => handlers.onName(at, name)} />
        : <RowBody {...props} />}
      <span class="num n">{row.tokens}</span>
      <span class="num" tabIndex={active ? 0 : -1} data-term="path_probability">
        <span class="sr">Probability</span>
        <Written text={row.probability || "–"} />
      </span>
      <RowActions {...props} />
    </li>
  );
}

const TreeRow = memo(
  Row,
  ({ handlers: _, ...before }, { handlers: __, ...next }) => JSON.stringify(before) === JSON.stringify(next),
);

function RowActions({ row, at, active, handlers }: RowProps) {
  const tab = active ? 0 : -1;
  return (
    <span class="acts" onFocusIn={() => handlers.onFocus(at)}>
      <button
        type="button"
        class="ibtn sm"
        tabIndex={tab}
        aria-label={`Rename ${row.name}`}
        data-tip="Rename  F2"
        onClick={() => handlers.onRename(row.id)}
      >
        <Pencil size={14} strokeWidth={1.7} />
      </button>
      <button
        type="button"
        class="ibtn sm"
        tabIndex={tab}
        aria-label={`Delete ${row.name}`}
        aria-disabled={row.canDelete ? undefined : true}
        data-tip={row.canDelete ? "Delete" : "The last path stays"}
        onClick={row.canDelete ? () => handlers.onDelete(at) : undefined}
      >
        <Trash2 size={14} strokeWidth={1.7} />
      </button>
    </span>
  );
}

/** Where an arrow key leads; null for every other key. */
function findRowAfterKey(key: string, at: number, count: number): number | null {
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 };
  const target = to[key];
  return target === undefined ? null : Math.min(count - 1, Math.max(0, target));
}

/** One tab stop and one name that is being written for the whole list. `handlers` read what the newest drawing has. */
function useRows(props: BranchTreeProps, list: RefObject<HTMLUListElement>) {
  const latest = useRef(props);
  latest.current = props;
  const [focused, setFocused] = useState<number | null>(null);
  const [renaming, setRenaming] = useState<number | null>(props.renaming ?? null);
  const focusRow = (at: number) => list.current?.querySelectorAll<HTMLElement>(".sw")[at]?.focus();
  const focusLater = (at: number) => requestAnimationFrame(() => focusRow(at));
  const [handlers] = useState((): RowHandlers => ({
    onPress: (id) => latest.current.comparing ? latest.current.onPick(id) : latest.current.onSwitch(id),
    onFocus: setFocused,
    onRename: setRenaming,
    onName(at, name) {
      const row = latest.current.rows[at];
      setRenaming(null);
      if (row !== undefined && name !== null && name !== row.name) latest.current.onRename(row.id, name);
      focusLater(at);
    },
    onDelete(at) {
      const { rows, onDelete } = latest.current;
      if (rows[at] !== undefined) onDelete(rows[at].id);
      focusLater(Math.min(at, rows.length - 2));
    },
  }));
  const current = Math.max(0, props.rows.findIndex((row) => row.current));
  const active = Math.min(props.rows.length - 1, focused ?? current);
  return { handlers, active, renaming, focusRow };
}

function Head({ rows, comparing, onComparing }: BranchTreeProps) {
  return (
    <div class="bar wrap">
      <p class="note">
        {comparing
          ? "Choose the two paths to compare."
          : "Choosing another token at an earlier step starts a new path. Nothing is lost."}
      </p>
      <span class="grow" />
      <ActionButton
        class={comparing ? "btn sm on" : "btn quiet sm"}
        pressed={comparing}
        enabled={rows.length > 1}
        tip={rows.length > 1 ? "Two paths side by side" : "There is only one path"}
        onPress={() => onComparing(!comparing)}
      >
        <Columns2 size={15} strokeWidth={1.7} />Compare two
      </ActionButton>
    </div>
  );
}

export function BranchTree(props: BranchTreeProps) {
  const { rows, comparing } = props;
  const list = useRef<HTMLUListElement>(null);
  const { handlers, active, renaming, focusRow } = useRows(props, list);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof Element) || !event.target.matches(".sw")) return;
    const target = findRowAfterKey(event.key, active, rows.length);
    if (target === null) return;
    event.preventDefault();
    focusRow(target);
  };
  return (
    <div class="branches">
      <Head {...props} />
      <ul class="tree" ref={list} onKeyDown={onKeyDown}>
        {rows.map((row, at) => (
          <TreeRow
            key={row.id}
            row={row}
            at={at}
            comparing={comparing}
            active={at === active}
            renaming={renaming === row.id}
            handlers={handlers}
          />
        ))}
      </ul>
    </div>
  );
}
