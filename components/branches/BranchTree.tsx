// All paths as a list of buttons: one stop for Tab, the arrows move inside, F2 renames, Delete deletes.
import { Columns2, Pencil, Trash2 } from "../icons.ts";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { BranchRow } from "../../lib/explorer/views/branch_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import { BranchLines } from "./BranchLines.tsx";
import { BranchName } from "./BranchName.tsx";

/** A row that shows the same stays as it is and calls the functions of an older drawing: they must do the same as the
 * present ones. */
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

interface RowProps {
  readonly row: BranchRow;
  readonly comparing: boolean;
  readonly active: boolean;
  readonly renaming: boolean;
  readonly onPress: () => void;
  readonly onFocus: () => void;
  readonly onRename: () => void;
  readonly onName: (name: string | null) => void;
  readonly onDelete: () => void;
}

function Row(props: RowProps) {
  const { row, comparing, active, renaming } = props;
  const tab = active ? 0 : -1;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "F2") props.onRename();
    else if (event.key === "Delete" && row.canDelete) props.onDelete();
    else return;
    event.preventDefault();
  };
  return (
    <li class={row.current ? "br on" : "br"}>
      <BranchLines row={row} />
      {renaming ? <BranchName name={row.name} onDone={props.onName} /> : (
        <button
          type="button"
          class="sw"
          tabIndex={tab}
          aria-current={row.current ? true : undefined}
          aria-pressed={comparing ? row.picked !== null : undefined}
          data-tip={row.origin === "" ? undefined : `It ${row.origin.replace(" percent", " %")}.`}
          onClick={props.onPress}
          onFocus={props.onFocus}
          onKeyDown={onKeyDown}
        >
          <b>{row.name}</b>
          <span class="preview">{row.preview}</span>
          <span class="sr">{row.origin === "" ? "" : `, ${row.origin}`}</span>
        </button>
      )}
      <span class="num n">{row.tokens}</span>
      <span class="num" data-tip="Probability of all its tokens multiplied">
        <span class="sr">Probability</span>
        {row.probability || "–"}
      </span>
      <RowActions {...props} tab={tab} />
    </li>
  );
}

function RowActions({ row, tab, onRename, onDelete, onFocus }: RowProps & { tab: number }) {
  return (
    <span class="acts" onFocusIn={onFocus}>
      <button
        type="button"
        class="ibtn sm"
        tabIndex={tab}
        aria-label={`Rename ${row.name}`}
        data-tip="Rename  F2"
        onClick={onRename}
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
        onClick={row.canDelete ? onDelete : undefined}
      >
        <Trash2 size={14} strokeWidth={1.7} />
      </button>
    </span>
  );
}

/** Where an arrow key leads; null for every other key. */
function moved(key: string, at: number, count: number): number | null {
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 };
  const target = to[key];
  return target === undefined ? null : Math.min(count - 1, Math.max(0, target));
}

/** The rows, those that show the same as before unchanged: `shown` is all that a row depends on. */
function useRows(shown: readonly unknown[], draw: (at: number) => VNode): VNode[] {
  const drawn = useRef<{ readonly shown: string; readonly item: VNode }[]>([]);
  drawn.current = shown.map((each, at) => {
    const now = JSON.stringify(each);
    const known = drawn.current[at];
    return known?.shown === now ? known : { shown: now, item: draw(at) };
  });
  return drawn.current.map(({ item }) => item);
}

export function BranchTree(props: BranchTreeProps) {
  const { rows, comparing } = props;
  const list = useRef<HTMLUListElement>(null);
  const current = Math.max(0, rows.findIndex((row) => row.current));
  const [focused, setFocused] = useState<number | null>(null);
  const [renaming, setRenaming] = useState<number | null>(props.renaming ?? null);
  const active = Math.min(rows.length - 1, focused ?? current);
  const focusRow = (at: number) => list.current?.querySelectorAll<HTMLElement>(".sw")[at]?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof Element) || !event.target.matches(".sw")) return;
    const target = moved(event.key, active, rows.length);
    if (target === null) return;
    event.preventDefault();
    focusRow(target);
  };
  const onName = (row: BranchRow, at: number, name: string | null) => {
    setRenaming(null);
    if (name !== null && name !== row.name) props.onRename(row.id, name);
    requestAnimationFrame(() => focusRow(at));
  };
  const stateOf = (row: BranchRow, at: number) => {
    return { row, comparing, active: at === active, renaming: renaming === row.id };
  };
  const items = useRows(rows.map((row, at) => [stateOf(row, at), at, rows.length]), (at) => {
    const row = rows[at]!;
    return (
      <Row
        key={row.id}
        {...stateOf(row, at)}
        onPress={() => comparing ? props.onPick(row.id) : props.onSwitch(row.id)}
        onFocus={() => setFocused(at)}
        onRename={() => setRenaming(row.id)}
        onName={(name) => onName(row, at, name)}
        onDelete={() => {
          props.onDelete(row.id);
          requestAnimationFrame(() => focusRow(Math.min(at, rows.length - 2)));
        }}
      />
    );
  });
  return (
    <div class="branches">
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
          onPress={() => props.onComparing(!comparing)}
        >
          <Columns2 size={15} strokeWidth={1.7} />Compare two
        </ActionButton>
      </div>
      <ul class="tree" ref={list} onKeyDown={onKeyDown}>
        {items}
      </ul>
    </div>
  );
}
