/// <reference lib="dom" />
// Layers × heads as a grid of buttons: one stop for Tab, the arrows move inside. Each cell has the colour, stripes
// where it is below 0, and a line at its foot as long as its value.
import { useState } from "preact/hooks";
import type { GridCell, GridView } from "../../lib/explorer/attribution/grid_view.ts";
import { heatClass, meterLengthOf } from "../../lib/explorer/words/heat.ts";

interface LayerGridProps<T> {
  readonly label: string;
  readonly view: GridView<T>;
  readonly onPick: (what: T) => void;
}

type Place = readonly [row: number, column: number];

const MOVES: Readonly<Record<string, Place>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

const clampIndex = (at: number, length: number) => Math.min(length - 1, Math.max(0, at));

interface CellProps<T> {
  readonly cell: GridCell<T>;
  readonly isStop: boolean;
  readonly onPick: () => void;
  readonly onFocus: () => void;
}

function Cell<T>({ cell, isStop, onPick, onFocus }: CellProps<T>) {
  return (
    <td role="gridcell">
      <button
        type="button"
        class={`attr-cell ${heatClass(cell.heat)}`}
        tabIndex={isStop ? 0 : -1}
        aria-label={cell.label}
        aria-pressed={cell.chosen}
        data-tip={cell.label}
        // Never rendered by the server, where the policy would block it.
        style={cell.heat === null ? undefined : `--meter: ${meterLengthOf(cell.heat)}`}
        onClick={onPick}
        onFocus={onFocus}
      />
    </td>
  );
}

/** The place of the one cell that Tab stops at, and the keys that move it. */
function useGridStop<T>({ rows }: GridView<T>) {
  const [stop, setStop] = useState<Place>([0, 0]);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const row = clampIndex(stop[0] + move[0], rows.length);
    const column = clampIndex(stop[1] + move[1], rows[row]!.cells.length);
    const line = event.currentTarget.querySelectorAll("tbody tr")[row];
    line?.querySelectorAll("button")[column]?.focus();
  };
  return { stop, setStop, onKeyDown };
}

export function LayerGrid<T>({ label, view, onPick }: LayerGridProps<T>) {
  const { stop, setStop, onKeyDown } = useGridStop(view);
  return (
    <div class="attr-scroll">
      <table class="attr-grid" role="grid" aria-label={label} onKeyDown={onKeyDown}>
        <thead>
          <tr role="row">
            <td role="gridcell" />
            {view.columns.map((name) => <th key={name} role="columnheader" scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row, at) => (
            <tr key={row.name} role="row">
              <th role="rowheader" scope="row">{row.name}</th>
              {row.cells.map((cell, column) => (
                <Cell
                  key={column}
                  cell={cell}
                  isStop={at === stop[0] && column === stop[1]}
                  onPick={() => onPick(cell.what)}
                  onFocus={() => setStop([at, column])}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
