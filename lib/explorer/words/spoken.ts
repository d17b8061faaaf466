// Tokens as words, for the live region and for accessible names: marks cannot be heard.
import type { DistResult } from "../../wire/distribution.ts";
import { formatPercent } from "./format.ts";
import { toHexadecimal } from "../../basics/hexadecimal.ts";

interface Named {
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
}

/** A Map, as the next one: a token may be "constructor". */
const NAMES = new Map(Object.entries({
  ".": "full stop",
  ",": "comma",
  ":": "colon",
  ";": "semicolon",
  "!": "exclamation mark",
  "?": "question mark",
  "-": "hyphen",
  "(": "open bracket",
  ")": "close bracket",
  '"': "quote",
  "'": "apostrophe",
}));

/** True where a token is part of a character: there are bytes but no text of their own. */
export function isPartial(token: { readonly text: string; readonly bytes: readonly number[] }): boolean {
  if (token.bytes.length === 0) return false;
  const replaced = token.text.includes("\uFFFD");
  return token.text === "" || (replaced && toHexadecimal(token.bytes) !== "EF BF BD");
}

interface Shown {
  readonly text: string;
  readonly display: string;
  readonly bytes: readonly number[];
}

export type Whitespace = "space" | "newline" | "tab";

/** A part of a token as it is shown: text, a run of one kind of whitespace, bytes or the code of a character that
 * would look like nothing or like another one. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly text: string }
  | { readonly kind: Whitespace; readonly count?: number } // absent: 1
  | { readonly kind: "empty" };

const WHITESPACE = new Map<string, Whitespace>(Object.entries({
  " ": "space",
  "␠": "space",
  "\n": "newline",
  "⏎": "newline",
  "\t": "tab",
  "⇥": "tab",
}));

/** Runs of whitespace that a gap between two words would not tell apart: all but single spaces inside a text. */
const RUNS = /(\n+|\t+| {2,}|^ | $| (?=[\n\t])|(?<=[\n\t]) )/;

/** Characters that look like a space or like nothing wherever they stand. Joiners and selectors are left alone inside a
 * text: scripts and emoji need them. */
const LOOKALIKES = /((?:(?! )[\p{Cc}\p{Zl}\p{Zp}\p{Zs}\u00AD\u200B\u2060\uFEFF])+)/u;

/** Nothing to see by itself: controls, joiners, selectors, odd spaces, marks without their letter. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\p{M}]+$/u;

/** A token in pieces. Tokens with other texts or bytes have other pieces. */
export function piecesOf(token: Shown): Piece[] {
  if (isPartial(token)) return piecesOfPartial(token);
  if (token.text === "") return [{ kind: "empty" }];
  return token.text.split(RUNS).filter((piece) => piece !== "").flatMap(runOrText);
}

function runOrText(piece: string): Piece[] {
  const kind = WHITESPACE.get(piece[0]!);
  if (kind !== undefined && [...piece].every((sign) => sign === piece[0]) && RUNS.test(piece)) {
    return [piece.length === 1 ? { kind } : { kind, count: piece.length }];
  }
  return piece.split(LOOKALIKES).filter((part) => part !== "").map((part) =>
    INVISIBLE.test(part) ? { kind: "bytes", text: codesOf(part) } : { kind: "text", text: part }
  );
}

/** "U+200D U+FE0F" */
function codesOf(text: string): string {
  return Array.from(
    text,
    (sign) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`,
  ).join(" ");
}

/** Part of a character: its bytes, behind the text before them. */
function piecesOfPartial(token: Shown): Piece[] {
  if (!token.display.includes("⟨")) return [{ kind: "bytes", text: toHexadecimal(token.bytes) }];
  return token.display.split(/([␠⏎⇥]|⟨[0-9A-F ]+⟩)/).filter((piece) => piece !== "").map((piece) => {
    const bytes = /^⟨([0-9A-F ]+)⟩$/.exec(piece)?.[1];
    if (bytes !== undefined) return { kind: "bytes", text: bytes };
    const kind = WHITESPACE.get(piece);
    return kind === undefined ? { kind: "text", text: piece } : { kind };
  });
}

const WHITESPACE_NAMES = {
  space: ["space", "spaces"],
  newline: ["new line", "new lines"],
  tab: ["tab", "tabs"],
} as const;

function sayPiece(piece: Piece): string {
  switch (piece.kind) {
    case "text":
      return NAMES.get(piece.text) ?? piece.text;
    case "bytes":
      return piece.text.startsWith("U+") ? `character ${piece.text}` : `bytes ${piece.text}`;
    case "empty":
      return "empty";
    default: {
      const [one, many] = WHITESPACE_NAMES[piece.kind];
      return piece.count === undefined ? one : `${piece.count} ${many}`;
    }
  }
}

function isWhitespace({ kind }: Piece): boolean {
  return kind === "space" || kind === "newline" || kind === "tab";
}

/** How a token is said: "space sound", "new line, 7 spaces", "comma", "special token im_end", "bytes E2 80". */
export function sayToken(text: string, token: Named): string {
  if (token.special) return `special token ${text.replace(/^<\|?|\|?>$/g, "")}`;
  const pieces = piecesOf({ text, display: token.display, bytes: token.bytes });
  return pieces.map((piece, at) => {
    const before = pieces[at - 1];
    const comma = before !== undefined && isWhitespace(before) && isWhitespace(piece);
    return `${before === undefined ? "" : comma ? ", " : " "}${sayPiece(piece)}`;
  }).join("");
}

/** "91 percent": whole ones, and never 0 of what can come. */
function sayPercent(p: number): string {
  return p > 0 && p < 0.005 ? "under 1 percent" : `${formatPercent(p, 0)} percent`;
}

/** "Next most likely: space of 91 percent, space that 2 percent, comma 1 percent.": the kept tokens first. */
export function sayNext({ tokens, kept_top }: DistResult): string {
  const kept = tokens.filter((token) => token.kept).sort((a, b) => b.p_final - a.p_final);
  const first = (kept.length > 0 ? kept : kept_top).slice(0, 3).map((token) =>
    `${sayToken(token.text, token)} ${sayPercent(token.p_final)}`
  );
  return `Next most likely: ${first.join(", ")}.`;
}
