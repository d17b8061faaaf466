// How a token looks: text with drawn marks for whitespace, a pill for special tokens, bytes where there is no text.
import { bytesOf, displayPieces, spokenToken } from "./spoken.ts";

export type LookPart =
  | { readonly kind: "text" | "special" | "bytes"; readonly text: string }
  | { readonly kind: "space" | "newline" | "tab" | "empty" };

export interface TokenLook {
  readonly parts: readonly LookPart[];
  readonly spoken: string;
}

interface ShownToken {
  readonly text: string;
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
}

const MARKS: Readonly<Record<string, LookPart>> = {
  "␠": { kind: "space" },
  "⏎": { kind: "newline" },
  "⇥": { kind: "tab" },
  "∅": { kind: "empty" },
};

function partsOf(token: ShownToken): LookPart[] {
  if (token.special) return [{ kind: "special", text: token.text || token.display }];
  return displayPieces(token).map((piece) => {
    const bytes = bytesOf(piece, token);
    return bytes === null ? MARKS[piece] ?? { kind: "text", text: piece } : { kind: "bytes", text: bytes };
  });
}

/** The look of one token of a text or of a candidate. */
export function lookOf(token: ShownToken): TokenLook {
  return { parts: partsOf(token), spoken: spokenToken(token.text, token) };
}
