// Distributions as CSV (RFC 4180): one row for each candidate of each step of each path.
//
// Text stands in the columns as JSON strings (`" the"`, `"\n"`): whitespace and line breaks stay exact and visible,
// `json.loads` gives the token back, and no cell begins with =, +, - or @, which spreadsheets take for a formula.
import type { DistResult, DistToken } from "../../../wire/distribution.ts";
import { shownTokens } from "../../views/dist_rows.ts";
import { stepsOf } from "../../session/tree.ts";
import type { Tree } from "../../session/types.ts";

const COLUMNS = [
  "path",
  "step",
  "chosen_id",
  "chosen_text",
  "origin",
  "temperature",
  "entropy_bits",
  "candidate",
  "id",
  "text",
  "p_final",
  "p_base",
  "p_raw",
  "logit",
  "kept",
  "removed_by",
  "is_chosen",
  "p_at_most",
] as const;

type Cell = string | number | boolean | null;

// `p_at_most` stands in the row of all other tokens behind an engine that does not list them: no one of them has more.

/** Every distribution that a path of `tree` kept. Steps count from 1; those without a distribution are one row with
 * empty candidate columns. */
export function csvOf(tree: Tree): string {
  const rows = tree.branches.flatMap(({ name, tip }) =>
    stepsOf(tip).flatMap(({ depth, record }): Cell[][] => {
      const { pill, origin, params, entropyBits, dist } = record;
      const step: Cell[] = [
        JSON.stringify(name),
        depth,
        pill.id,
        JSON.stringify(pill.text),
        origin,
        params.greedy ? 0 : params.temperature,
        entropyBits,
      ];
      if (dist === null) return [[...step, ...COLUMNS.slice(step.length).map(() => null)]];
      return candidateRows(dist, pill.id).map((row) => [...step, ...row]);
    })
  );
  return csvText(rows);
}

/** The one distribution that is on the page, with empty columns for the step. */
export function csvOfDistribution(dist: DistResult): string {
  const rows = candidateRows(dist, null);
  const before = COLUMNS.indexOf("candidate");
  return csvText(rows.map((row) => [...new Array<Cell>(before).fill(null), ...row]));
}

function candidateRows(dist: DistResult, chosen: number | null): Cell[][] {
  const { kept, removed } = shownTokens(dist);
  const row = (token: DistToken, at: number): Cell[] => [
    at + 1,
    token.id,
    JSON.stringify(token.text),
    token.p_final,
    token.p_base,
    token.p_raw,
    token.logit,
    token.kept,
    token.removed_by,
    token.id === chosen,
    null,
  ];
  const rest: Cell[] = [
    "other",
    null,
    null,
    dist.other_p_final,
    dist.other_p_base,
    dist.other_p_raw,
    null,
    null,
  ];
  return [...[...kept, ...removed].map(row), [...rest, null, false, dist.unlisted?.most_other_p_raw ?? null]];
}

function csvText(rows: readonly (readonly Cell[])[]): string {
  return [COLUMNS, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
