// Distributions as CSV (RFC 4180): one row for each candidate of each step of each path.
//
// Text stands in the columns as it is; only a cell that a spreadsheet would take for a formula (it begins with =, +, -,
// @, a tab or a carriage return) has an apostrophe before it, which spreadsheets hide. The id says exactly which token
// it is.
import type { DistResult, DistToken } from "../../../wire/distribution.ts";
import type { ScoredToken } from "../../../wire/token.ts";
import { type Cell, csvText, escapeFormula } from "../../words/csv.ts";
import { orderTokens } from "../../views/dist_rows.ts";
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

// `p_at_most` stands in the row of all other tokens behind an engine that does not list them: no one of them has more.

/** Every distribution that a path of `tree` kept. Steps count from 1; those without a distribution are one row with
 * empty candidate columns. */
export function csvOf(tree: Tree): string {
  const rows = tree.branches.flatMap(({ name, tip }) =>
    stepsOf(tip).flatMap(({ depth, record }): Cell[][] => {
      const { token, origin, params, entropyBits, dist } = record;
      const step: Cell[] = [
        escapeFormula(name),
        depth,
        token.id,
        escapeFormula(token.text),
        origin,
        params.greedy ? 0 : params.temperature,
        entropyBits,
      ];
      if (dist === null) return [[...step, ...COLUMNS.slice(step.length).map(() => null)]];
      return candidateRows(dist, token.id).map((row) => [...step, ...row]);
    })
  );
  return csvText(COLUMNS, rows);
}

/** The one distribution that is on the page, with empty columns for the step. */
export function csvOfDistribution(dist: DistResult): string {
  const rows = candidateRows(dist, null);
  const before = COLUMNS.indexOf("candidate");
  return csvText(COLUMNS, rows.map((row) => [...new Array<Cell>(before).fill(null), ...row]));
}

/** Every token of a distribution, in the order of p_base. */
export function csvOfVocabulary(tokens: readonly DistToken[]): string {
  const head = ["rank", "id", "text", "p_final", "p_base", "p_raw", "logit", "kept", "removed_by"];
  return csvText(
    head,
    tokens.map((token) => [token.rank + 1, ...cellsOf(token)]),
  );
}

/** What the model thought of every token of a text when it read it. `prompt`: tokens that belong to the prompt. */
export function csvOfScores(tokens: readonly ScoredToken[], prompt: number): string {
  const head = [
    ...["position", "part", "id", "text", "p_raw", "logprob", "rank", "surprisal_bits", "entropy_bits"],
  ];
  return csvText(
    head,
    tokens.map((token, at) => [
      ...[at, at < prompt ? "prompt" : "completion", token.id, escapeFormula(token.text), token.p ?? null],
      ...[token.logprob ?? null, token.rank == null ? null : token.rank + 1, token.surprisal_bits ?? null],
      token.entropy_bits ?? null,
    ]),
  );
}

/** The columns from "id" to "removed_by". */
function cellsOf({ id, text, p_final, p_base, p_raw, logit, kept, removed_by }: DistToken): Cell[] {
  return [id, escapeFormula(text), p_final, p_base, p_raw, logit, kept, removed_by];
}

function candidateRows(dist: DistResult, chosen: number | null): Cell[][] {
  const { kept, removed } = orderTokens(dist);
  const row = (token: DistToken, at: number): Cell[] => [
    ...[at + 1, ...cellsOf(token)],
    ...[token.id === chosen, null],
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
