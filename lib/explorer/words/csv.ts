// Tables as CSV (RFC 4180), with texts as they are.

export type Cell = string | number | boolean | null;

/** Text for a cell: no spreadsheet takes it for a formula. */
export function escapeFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Rows of RFC 4180. */
export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(quoteCell).join(",")}\r\n`).join("");
}

function quoteCell(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
