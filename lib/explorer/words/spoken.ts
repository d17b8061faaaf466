// Tokens as words, for the live region and for accessible names: marks cannot be heard.
import type { DistResult } from "../../wire/distribution.ts";
import { percent } from "./format.ts";

interface Named {
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
}

const NAMES: Readonly<Record<string, string>> = {
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
};
const MARKS: Readonly<Record<string, string>> = { "␠": "space", "⏎": "new line", "⇥": "tab", "∅": "empty" };

/** The bytes of a token as "E2 80". */
export function hexadecimal(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
}

/** True where a token is part of a character: there are bytes but no text of their own. */
export function isPartial(token: { readonly text: string; readonly bytes: readonly number[] }): boolean {
  if (token.bytes.length === 0) return false;
  const replaced = token.text.includes("\uFFFD");
  return token.text === "" || (replaced && hexadecimal(token.bytes) !== "EF BF BD");
}

interface Shown {
  readonly text: string;
  readonly display: string;
  readonly bytes: readonly number[];
}

/** Nothing to see: controls, joiners, selectors, odd spaces. Inside an emoji they are left alone. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]+$/u;

/** "⟨U+200D⟩" for a piece that would look like nothing. A space of its own stays one. */
function visible(piece: string): string {
  if (!INVISIBLE.test(piece) || /^ +$/.test(piece)) return piece;
  const codes = Array.from(
    piece,
    (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return `⟨${codes.join(" ")}⟩`;
}

/** The display of a token in pieces: marks, text, and what is no text to see: bytes ("⟨E2 80⟩"), invisible
 * characters ("⟨U+200D⟩"). */
export function displayPieces(token: Shown): string[] {
  if (isPartial(token) && !token.display.includes("⟨")) return [`⟨${hexadecimal(token.bytes)}⟩`];
  return token.display.split(/([␠⏎⇥∅]|⟨[0-9A-F ]+⟩)/).filter((piece) => piece !== "").map(visible);
}

/** "E2 80" of the piece "⟨E2 80⟩", "U+200D" of "⟨U+200D⟩"; null for a piece that is text, brackets of the text itself
 * included. */
export function bytesOf(piece: string, token: Shown): string | null {
  return token.text.includes("⟨") ? null : /^⟨([0-9A-F U+]+)⟩$/.exec(piece)?.[1] ?? null;
}

/** How a token is said: "space sound", "new line", "comma", "special token im_end", "bytes E2 80". */
export function spokenToken(text: string, token: Named): string {
  if (token.special) return `special token ${text.replace(/^<\|?|\|?>$/g, "")}`;
  const shown = { text, display: token.display, bytes: token.bytes };
  const words = displayPieces(shown).map((piece) => {
    const bytes = bytesOf(piece, shown);
    if (bytes === null) return MARKS[piece] ?? NAMES[piece] ?? piece;
    return bytes.startsWith("U+") ? `character ${bytes}` : `bytes ${bytes}`;
  });
  return words.join(" ");
}

/** "Next most likely: space of 91 percent, space that 2 percent, comma 1 percent.": the kept tokens first. */
export function spokenNext({ tokens, kept_top }: DistResult): string {
  const kept = tokens.filter((token) => token.kept).sort((a, b) => b.p_final - a.p_final);
  const first = (kept.length > 0 ? kept : kept_top).slice(0, 3).map((token) =>
    `${spokenToken(token.text, token)} ${percent(token.p_final, 0)} percent`
  );
  return `Next most likely: ${first.join(", ")}.`;
}
