// A small automaton as a drawing: states in columns by how many characters lead to them, arrows between.
import type { DrawnAutomaton } from "../../constraints/explain/automaton.ts";

export interface DrawnState {
  readonly x: number;
  readonly y: number;
  readonly accepts: boolean;
  /** The engine's number of the state. */
  readonly state: number;
}

export interface DrawnArrow {
  /** An SVG path. */
  readonly path: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

export interface AutomatonDrawing {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly states: readonly DrawnState[];
  readonly arrows: readonly DrawnArrow[];
}

const COLUMN = 150;
const ROW = 76;
const RADIUS = 15;
const MARGIN = { x: 44, y: 58 } as const;
const LONGEST_LABEL = 18;

/** Places and arrows of an automaton's drawing, in pixels. */
export function drawAutomaton({ states, arrows }: DrawnAutomaton): AutomatonDrawing {
  const columns = columnsOf(states.length, arrows);
  const rows = Math.max(...columns.map((column) => column.length));
  const places = new Array<{ readonly x: number; readonly y: number; readonly column: number }>(
    states.length,
  );
  columns.forEach((column, at) =>
    column.forEach((state, row) => {
      const top = MARGIN.y + (rows - column.length) * ROW / 2;
      places[state] = { x: MARGIN.x + at * COLUMN, y: top + row * ROW, column: at };
    })
  );
  return {
    width: 2 * MARGIN.x + (columns.length - 1) * COLUMN,
    height: 2 * MARGIN.y + (rows - 1) * ROW,
    radius: RADIUS,
    states: states.map(({ state, accepts }, at) => ({ x: places[at]!.x, y: places[at]!.y, accepts, state })),
    arrows: arrows.map(({ from, to, label }) => {
      const short = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
      return { ...drawArrow(places[from]!, places[to]!), label: short };
    }),
  };
}

/** The states by the length of the shortest way from the first one. */
function columnsOf(count: number, arrows: DrawnAutomaton["arrows"]): number[][] {
  const columns = [[0]];
  const seen = new Set([0]);
  while (seen.size < count) {
    const last = columns.at(-1)!;
    const next = [...new Set(arrows.filter(({ from }) => last.includes(from)).map(({ to }) => to))]
      .filter((state) => !seen.has(state));
    for (const state of next) seen.add(state);
    columns.push(next);
  }
  return columns;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly column: number;
}

function drawArrow(a: Point, b: Point): Omit<DrawnArrow, "label"> {
  if (a === b) return drawLoop(a);
  return b.column > a.column ? drawArrowForward(a, b) : drawArrowBack(a, b);
}

/** A loop over the state. */
function drawLoop({ x, y }: Point): Omit<DrawnArrow, "label"> {
  const [side, top] = [RADIUS * 0.7, y - RADIUS];
  const path = `M${x - side} ${top + 4}C${x - 26} ${top - 26} ${x + 26} ${top - 26} ${x + side} ${top + 4}`;
  return { path, x, y: top - 22 };
}

/** From the right side of a state to the left side of a later one; an arch where a column lies between. */
function drawArrowForward(a: Point, b: Point): Omit<DrawnArrow, "label"> {
  const [from, to] = [a.x + RADIUS, b.x - RADIUS - 4];
  const arch = b.column - a.column > 1 ? 34 + 8 * (b.column - a.column) : 0;
  const bend = (to - from) / 3;
  const path = `M${from} ${a.y}C${from + bend} ${a.y + arch} ${to - bend} ${b.y + arch} ${to} ${b.y}`;
  return { path, x: (from + to) / 2, y: (a.y + b.y) / 2 + arch * 0.75 - 6 };
}

/** Under the states, back to an earlier one or to one of the same column. */
function drawArrowBack(a: Point, b: Point): Omit<DrawnArrow, "label"> {
  const low = Math.max(a.y, b.y) + 30;
  const side = a.column === b.column ? RADIUS + 24 : 0;
  const [from, to] = [a.y + RADIUS, b.y + RADIUS + 4];
  const path = `M${a.x} ${from}C${a.x + side} ${low + 12} ${b.x + side} ${low + 12} ${b.x} ${to}`;
  return { path, x: (a.x + b.x) / 2 + side, y: low + 10 };
}
