// The search over the whole vocabulary: what a query means, which part of a long list is in view, and its rows.
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { VocabularyInput } from "../../wire/vocabulary.ts";
import { type AxisKind, type DistRow, distRow, scaleOf } from "./dist_rows.ts";
import { findAxisEnd, formatCount, formatTokenCount } from "../words/format.ts";

export type VocabularyQuery = Pick<VocabularyInput, "query" | "mode">;

/** What the search box says: text, #id, /regex/, or bytes as 0xE2 80 or \xE2\x80. A number, an expression or bytes
 * that are not finished yet find nothing: null. */
export function parseQuery(typed: string): VocabularyQuery | null {
  const id = /^#\s*([\d,\s]*)$/.exec(typed);
  if (id) return id[1]!.trim() === "" ? null : { query: id[1]!.trim(), mode: "id" };
  const regex = /^\/(.+)\/$/s.exec(typed);
  if (regex) return { query: regex[1]!, mode: "regex" };
  const hexadecimal = /^(?:0x|\\x)((?:[0-9a-f]|\s|\\x|0x)*)$/i.exec(typed);
  if (!hexadecimal) return { query: typed, mode: "text" };
  const digits = hexadecimal[1]!.replace(/\s|\\x|0x/gi, "");
  return digits.length === 0 || digits.length % 2 === 1
    ? null
    : { query: digits.toLowerCase(), mode: "bytes" };
}

/** Rows kept ready above and below the window, so that a short scroll shows no gap. */
const OVERSCAN = 6;

export interface RowWindow {
  readonly first: number;
  readonly count: number;
}

/** The rows that a list scrolled by `top` pixels shows in `height`. */
export function findRowWindow(top: number, height: number, rowHeight: number, total: number): RowWindow {
  const first = Math.max(0, Math.min(total, Math.floor(top / rowHeight)) - OVERSCAN);
  const end = Math.min(total, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  return { first, count: Math.max(0, end - first) };
}

/** Whole pages that cover a window: what is asked for stays the same while a page is scrolled through. */
export function pagesOf({ first, count }: RowWindow, page: number): { offset: number; limit: number } | null {
  if (count === 0) return null;
  const start = Math.floor(first / page) * page;
  return { offset: start, limit: Math.ceil((first + count) / page) * page - start };
}

/** How far a list must be scrolled so that a row is in view. */
export function scrollFor(row: number, top: number, height: number, rowHeight: number): number {
  const above = row * rowHeight;
  const below = above + rowHeight - height;
  return above < top ? above : Math.max(top, below);
}

export type VocabularyRow = DistRow;

/** The row of one token, with its rank in the whole vocabulary. `largest`: the highest probability of the list, the
 * end of a zoomed axis. */
export function rowOfVocabulary(
  token: DistToken,
  largest: number,
  dist: Pick<DistResult, "constraint_type">,
  pinned: ReadonlySet<number>,
  axis: AxisKind = "linear",
): VocabularyRow {
  const row = distRow(token, token.rank + 1, scaleOf(axis, axis === "zoom" ? findAxisEnd(largest) : 1), dist);
  return { ...row, rank: formatCount(token.rank + 1), pinned: pinned.has(token.id) };
}

/** The line under the box: "49,152 tokens by rank", "3 tokens of 49,152 match". */
export function describeFound(typed: string, total: number | null, vocabulary: number): string {
  if (parseQuery(typed) === null) return "Go on typing: #id, /regex/, or bytes in pairs (0xE2 80).";
  if (total === null) return "Searching…";
  if (typed === "") return `${formatTokenCount(total)}, most probable first`;
  if (total === 0) return "No token matches.";
  return `${formatTokenCount(total)} of ${formatCount(vocabulary)} ${total === 1 ? "matches" : "match"}`;
}
