// The text of the editor as lines of pieces: what is wrong, and where the page's text stands in it.
import type { Span } from "./protocol.ts";

export type Mark = "error" | "next";

export interface Piece {
  readonly text: string;
  readonly mark: Mark | null;
}

export interface MarkedLine {
  readonly pieces: readonly Piece[];
  /** The error is in this line. */
  readonly wrong: boolean;
}

export interface Marks {
  readonly error: Span | null;
  readonly next: readonly Span[];
}

/** Every character once; an error hides the other mark. */
export function markLines(text: string, { error, next }: Marks): MarkedLine[] {
  const marks = new Array<Mark | null>(text.length).fill(null);
  for (const { from, to } of next) marks.fill("next", from, to);
  if (error !== null) marks.fill("error", error.from, error.to);
  const lines: MarkedLine[] = [];
  let from = 0;
  for (const line of text.split("\n")) {
    const pieces = piecesOf(line, marks.slice(from, from + line.length));
    const to = from + line.length;
    lines.push({ pieces, wrong: error !== null && error.from <= to && error.to > from });
    from = to + 1;
  }
  return lines;
}

function piecesOf(line: string, marks: readonly (Mark | null)[]): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0, to = 0; from < line.length; from = to) {
    while (to < line.length && marks[to] === marks[from]) to++;
    pieces.push({ text: line.slice(from, to), mark: marks[from]! });
  }
  return pieces;
}
